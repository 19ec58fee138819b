#include "states/jsonata/jsonata.hpp"

#include "states/jsonata/document.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/export.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/json_text.hpp"
#include "states/jsonata/parser.hpp"
#include "states/jsonata/program.hpp"
#include "states/jsonata/resolve.hpp"

namespace pawl::jsonata {

namespace detail {

std::shared_ptr<const Program> compile(std::string_view text, const Options& options, Scope scope) {
    auto program = std::make_shared<Program>();
    program->options = options;
    program->tree = resolve(Parser{text, options, program->arena}.parse(), program->arena);
    analyse(*program, scope);
    return program;
}

}  // namespace detail

Result<Expression, Error> Expression::compile(std::string_view text, const Options& options) {
    try {
        return Expression{detail::compile(text, options)};
    } catch (const Fault& fault) {
        return to_error(fault);
    }
}

Result<std::optional<Json>, Error> Expression::evaluate(const Json* input, Bindings bindings,
                                                        const Environment& environment) const {
    try {
        Budget budget{environment};
        Heap heap{budget};
        Evaluator evaluator{heap, *program_, input ? Value::borrowed(*input) : Value{}, bindings, environment};
        return exported(evaluator.run(), budget, environment.non_finite);
    } catch (const Fault& fault) {
        return to_error(fault);
    }
}

Result<std::optional<std::string_view>, Error> Expression::evaluate_text(const Document* input, std::string& memory,
                                                                         Bindings bindings,
                                                                         const Environment& environment) const {
    try {
        Budget budget{environment};
        Heap heap{budget};
        Evaluator evaluator{heap, *program_, input ? input->root() : Value{}, bindings, environment};
        const Value result = evaluator.run();
        if (!export_text(result, memory, budget, environment.non_finite)) return std::optional<std::string_view>{};
        // Strings are UTF-8 unless the expression's own text is not.
        if (!result.is_number() && !Document::is_utf8(memory)) {
            memory = to_text(*exported(result, budget, environment.non_finite));
        }
        return std::optional<std::string_view>{memory};
    } catch (const Fault& fault) {
        return to_error(fault);
    }
}

std::vector<Reference> Expression::references() const { return program_->references; }

}  // namespace pawl::jsonata
