#include "cli/templates/inline_code.hpp"

#include <cstdlib>
#include <fstream>

#include "cli/templates/cloudformation.hpp"
#include "orchestrator/functions/runtime_kind.hpp"

namespace pawl::templates {

namespace fs = std::filesystem;

InlineCode::InlineCode() {
    std::error_code trouble;
    const auto place = fs::temp_directory_path(trouble);
    auto name = (place / "pawl-code-XXXXXX").string();
    if (trouble || ::mkdtemp(name.data()) == nullptr) {
        throw TemplateError{"the code that stands in the template can't be written into a file: there is no folder " +
                            place.string() + " for it"};
    }
    folder_ = name;
}

InlineCode::~InlineCode() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

fs::path InlineCode::add(const std::string& runtime, const std::string& handler, const std::string& code) {
    const auto kind = runtime_kind(runtime);
    if (!kind || *kind == RuntimeKind::Provided) {
        throw TemplateError{"code in the template must be Python or Node.js (python3.x or nodejsNN.x), not '" +
                            runtime + "'"};
    }
    const bool python = *kind == RuntimeKind::Python;
    const std::string file = python ? "index.py" : "index.js";
    if (!handler.starts_with("index.")) {
        throw TemplateError{"code in the template becomes the file " + file +
                            ": Handler must be index.FUNCTION, not '" + handler + "'"};
    }
    const auto folder = folder_ / std::to_string(++functions_);  // not by its name, which may be a path
    fs::create_directory(folder);
    std::ofstream out{folder / file, std::ios::binary};
    out << code;
    if (!out.flush()) throw TemplateError{(folder / file).string() + ": can't be written"};
    return folder;
}

}  // namespace pawl::templates
