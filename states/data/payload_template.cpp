#include "states/data/payload_template.hpp"

#include "states/data/template_tree.hpp"
#include "states/data/work.hpp"
#include "states/error_names.hpp"

namespace pawl::data {
namespace {

constexpr std::string_view suffix = ".$";

struct Computed {
    std::string field;  // "name.$"
    Expression expression;
};

// A member whose name ends in ".$".
class Reader {
  public:
    std::optional<Computed> operator()(const Json& value, const TemplatePlace* place, const Json* object,
                                       std::string* name) {
        if (!name || !name->ends_with(suffix)) return std::nullopt;
        const auto key = *name;
        name->resize(name->size() - suffix.size());
        if (object->contains(*name)) report(*place, "the field '" + *name + "' is there already", true);
        if (!value.is_string()) {
            report(*place, "the value must be a string", false);
            return std::nullopt;
        }
        auto expression = Expression::compile(value.get_ref<const std::string&>());
        if (!expression) {
            report(*place, expression.error(), false);
            return std::nullopt;
        }
        for (auto& path : expression->paths()) paths.push_back(std::move(path));
        return Computed{key, *std::move(expression)};
    }
    std::vector<TemplateProblem> problems;
    std::vector<JsonPath> paths;

  private:
    void report(const TemplatePlace& place, std::string message, bool duplicate) {
        if (budget_.spent()) return;
        problems.push_back({TemplatePlace::pointer(place.parent), *place.key, std::move(message), duplicate});
        budget_.spend(problems.back().pointer.size());
    }

    ProblemBudget budget_;
};

// Thrown where an expression fails, caught in PayloadTemplate::evaluate.
struct Failed {
    AslError error;
};

class Filler {
  public:
    explicit Filler(const Scope& scope) : scope_{scope} {}

    Json copy(const Json& value, std::size_t depth) {
        if (!work_.make(value, depth)) {
            throw Failed{{std::string{error::data_limit_exceeded},
                          "The payload template makes more data than is allowed, or nests it too deep"}};
        }
        return value;
    }
    Json compute(const Computed& computed, std::size_t depth) {
        auto value = computed.expression.evaluate(scope_, computed.field, work_);
        if (!value) throw Failed{std::move(value).error()};
        return copy(**value, depth);
    }

  private:
    const Scope& scope_;
    Work work_;
};

}  // namespace

struct PayloadTemplate::Compiled {
    Json source;  // does not move once `root` points into it
    TemplateNode<Computed> root;
    std::vector<JsonPath> paths;
};

Result<PayloadTemplate, std::vector<TemplateProblem>> PayloadTemplate::compile(const Json& source) {
    Reader reader;
    auto compiled = std::make_shared<Compiled>();
    compiled->source = source;
    compiled->root = compile_template<Computed>(compiled->source, reader);
    if (!reader.problems.empty()) return std::move(reader.problems);
    compiled->paths = std::move(reader.paths);
    return PayloadTemplate{std::move(compiled)};
}

const Json& PayloadTemplate::source() const { return compiled_->source; }

Result<Json> PayloadTemplate::evaluate(const Scope& scope) const {
    try {
        Filler filler{scope};
        return fill_template(compiled_->root, filler);
    } catch (const Failed& failed) {
        return failed.error;
    }
}

std::vector<JsonPath> PayloadTemplate::paths() const { return compiled_->paths; }

}  // namespace pawl::data
