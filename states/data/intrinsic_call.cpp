// A compiled call of intrinsic functions, evaluated from the inside out.
#include "states/data/expression.hpp"
#include "states/data/intrinsic_parser.hpp"
#include "states/data/java_text.hpp"
#include "states/error_names.hpp"

namespace pawl::data {

struct IntrinsicCall::Compiled {
    std::string text;
    intrinsic::Invocation invocation;
};

namespace {

using intrinsic::Invocation;

// Thrown when a path among the arguments gives nothing.
struct NoArgument {
    std::string message;
};

class Evaluation {
  public:
    Evaluation(const Scope& scope, Work& work) : scope_{scope}, work_{work} {}

    Selection run(const Invocation& invocation) {
        intrinsic::Arguments arguments{scope_.random, work_};
        for (const auto& argument : invocation.arguments) {
            if (const auto* literal = std::get_if<intrinsic::Literal>(&argument)) {
                if (arguments.size() == 0 && literal->value.is_string()) arguments.literal_template = &literal->spelled;
                arguments.add(Selection{literal->value});
            } else if (const auto* path = std::get_if<JsonPath>(&argument)) {
                arguments.add(select(*path));
            } else {
                arguments.add(run(std::get<Invocation>(argument)));
            }
        }
        return Selection{invocation.function->run(arguments)};
    }

  private:
    Selection select(const JsonPath& path) {
        auto selected = path.select(scope_, work_);
        if (selected) return *std::move(selected);
        if (selected.error().kind == PathError::Kind::inapplicable) throw NoArgument{selected.error().message};
        // AWS names a path into the context object without its second `$`, and shows the state's input all the same.
        const auto shown = path.reads_context() ? path.text().substr(1) : path.text();
        throw NoArgument{"The JsonPath argument for the field '" + shown + "' could not be found in the input '" +
                         jackson_text(scope_.input) + "'"};
    }

    const Scope& scope_;
    Work& work_;
};

void collect(const Invocation& invocation, std::vector<JsonPath>& paths) {
    for (const auto& argument : invocation.arguments) {
        if (const auto* path = std::get_if<JsonPath>(&argument)) paths.push_back(*path);
        if (const auto* nested = std::get_if<Invocation>(&argument)) collect(*nested, paths);
    }
}

AslError failed(std::string_view name, const std::string& text, const std::string& why) {
    return {std::string{name}, "The function '" + text + "' had the following error: " + why};
}

}  // namespace

Result<IntrinsicCall, std::string> IntrinsicCall::compile(std::string_view text) {
    auto invocation = intrinsic::parse(text);
    if (!invocation) return std::move(invocation).error();
    return IntrinsicCall{std::make_shared<const Compiled>(Compiled{std::string{text}, *std::move(invocation)})};
}

const std::string& IntrinsicCall::text() const { return compiled_->text; }

Result<Json> IntrinsicCall::evaluate(const Scope& scope) const {
    Work work;
    return evaluate(scope, work);
}

Result<Json> IntrinsicCall::evaluate(const Scope& scope, Work& work) const {
    try {
        auto result = Evaluation{scope, work}.run(compiled_->invocation);
        return Json(*result);
    } catch (const NoArgument& missing) {
        return failed(error::runtime, compiled_->text, missing.message);
    } catch (const intrinsic::Failure& failure) {
        return failed(error::intrinsic_failure, compiled_->text, failure.message);
    }
}

std::vector<JsonPath> IntrinsicCall::paths() const {
    std::vector<JsonPath> paths;
    collect(compiled_->invocation, paths);
    return paths;
}

}  // namespace pawl::data
