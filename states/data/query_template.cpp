#include <algorithm>
#include <utility>

#include "states/data/query.hpp"
#include "states/data/template_tree.hpp"
#include "states/data/work.hpp"

namespace pawl::data {
namespace {

constexpr std::size_t most_location_bytes = 2'048;  // each expression keeps its own

// A text that is an expression, wherever it stands.
class Reader {
  public:
    Reader(const std::string& location, StatesPart part) : location_{location}, part_{part} {}

    std::optional<Query> operator()(const Json& value, const TemplatePlace* place, const Json*, std::string*) {
        if (!value.is_string()) return std::nullopt;
        const auto& written = value.get_ref<const std::string&>();
        if (!Query::claims(written) || budget_.spent()) return std::nullopt;
        auto query = Query::compile(written, location_ + TemplatePlace::location(place, most_location_bytes), part_);
        if (!query) {
            for (auto& problem : query.error()) {
                problems.push_back({TemplatePlace::pointer(place), std::move(problem.message), problem.unsupported});
                budget_.spend(problems.back().pointer.size());
            }
            return std::nullopt;
        }
        for (const auto& name : query->variables()) variables.push_back(name);
        return *std::move(query);
    }
    std::vector<QueryProblem> problems;
    std::vector<std::string> variables;

  private:
    const std::string& location_;
    const StatesPart part_;
    ProblemBudget budget_;
};

// Thrown where an expression fails, caught in QueryTemplate::evaluate.
struct Failed {
    QueryFailure failure;
};

class Filler {
  public:
    explicit Filler(const QueryScope& scope) : scope_{scope} {}

    Json copy(const Json& value, std::size_t depth) {
        pay(value, depth);
        return value;
    }
    Json compute(const Query& query, std::size_t depth) {
        auto value = query.evaluate(scope_);
        if (!value) throw Failed{std::move(value).error()};
        pay(*value, depth);
        return *std::move(value);
    }

  private:
    void pay(const Json& value, std::size_t depth) {
        if (work_.make(value, depth)) return;
        throw Failed{{"", "The expressions make more data than is allowed, or nest it too deep"}};
    }

    const QueryScope& scope_;
    Work work_;
};

}  // namespace

struct QueryTemplate::Compiled {
    Json source;
    TemplateNode<Query> root;  // points into the source
    std::vector<std::string> variables;
};

Result<QueryTemplate, std::vector<QueryProblem>> QueryTemplate::compile(const Json& source, const std::string& location,
                                                                        StatesPart part) {
    auto compiled = std::make_shared<Compiled>();
    compiled->source = source;
    Reader reader{location, part};
    compiled->root = compile_template<Query>(compiled->source, reader);
    if (!reader.problems.empty()) return std::move(reader.problems);
    compiled->variables = std::move(reader.variables);
    return QueryTemplate{std::move(compiled)};
}

Result<Json, QueryFailure> QueryTemplate::evaluate(const QueryScope& scope) const {
    try {
        Filler filler{scope};
        return fill_template(compiled_->root, filler);
    } catch (const Failed& failed) {
        return failed.failure;
    }
}

const Json& QueryTemplate::source() const { return compiled_->source; }
const Query* QueryTemplate::whole() const { return std::get_if<Query>(&compiled_->root.held); }
std::vector<std::string> QueryTemplate::variables() const { return compiled_->variables; }

}  // namespace pawl::data
