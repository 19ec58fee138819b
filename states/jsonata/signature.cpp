#include "states/jsonata/signature.hpp"

#include <optional>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/made.hpp"

namespace pawl::jsonata {
namespace {

std::size_t closing(std::string_view text, std::size_t open_at, char open, char close) {
    std::size_t depth = 1;
    std::size_t at = open_at;
    while (++at < text.size()) {
        if (text[at] == close && --depth == 0) break;
        if (text[at] == open) ++depth;
    }
    return at;
}

// Empty for what has no plural: the sentence then says "undefined".
std::string_view plural(std::string_view element_type) {
    if (element_type == "a") return "arrays";
    if (element_type == "b") return "booleans";
    if (element_type == "f") return "functions";
    if (element_type == "n") return "numbers";
    if (element_type == "o") return "objects";
    if (element_type == "s") return "strings";
    return {};
}

}  // namespace

char signature_symbol(const Value& value) {
    switch (value.kind()) {
        case Kind::undefined:
            return 'm';
        case Kind::null:
            return 'l';
        case Kind::boolean:
            return 'b';
        case Kind::number:
            return 'n';
        case Kind::string:
            return 's';
        case Kind::array:
            return 'a';
        case Kind::object:
            return 'o';
        case Kind::function:
            return 'f';
    }
    return 'm';
}

Signature Signature::parse(std::string_view text) {
    Signature signature;
    auto& parameters = signature.parameters_;
    const auto add = [&](std::string symbols, char type) {
        Parameter parameter;
        parameter.symbols = std::move(symbols);
        parameter.type = type;
        parameters.push_back(std::move(parameter));
    };
    for (std::size_t at = 1; at < text.size() && text[at] != ':'; ++at) {
        const char symbol = text[at];
        switch (symbol) {
            case 's':
            case 'n':
            case 'b':
            case 'l':
            case 'o':
                add({symbol, 'm'}, symbol);
                break;
            case 'a':
            case 'x':
                add("asnblfom", symbol);
                break;
            case 'f':
                add("f", symbol);
                break;
            case 'j':
                add("asnblom", symbol);
                break;
            case '-':
                if (parameters.empty()) break;
                parameters.back().from_context = true;
                parameters.back().optional = true;
                break;
            case '?':
                if (parameters.empty()) break;
                if (parameters.back().optional || parameters.back().repeated) parameters.back().lazy = true;
                if (!parameters.back().repeated) parameters.back().optional = true;
                break;
            case '+':
                if (!parameters.empty()) parameters.back().repeated = true;
                break;
            case '(': {
                const std::size_t end = closing(text, at, '(', ')');
                const std::string choice{text.substr(at + 1, end - at - 1)};
                if (choice.find('<') != std::string::npos) throw Fault{"S0402"}.at(at).with("value", Json(choice));
                add(choice + 'm', 0);
                at = end;
                break;
            }
            case '<': {
                const char type = parameters.empty() ? '\0' : parameters.back().type;
                if (type != 'a' && type != 'f') {
                    throw Fault{"S0401"}.at(at).with("value", type ? Json(std::string(1, type)) : Json());
                }
                const std::size_t end = closing(text, at, '<', '>');
                parameters.back().element_type = text.substr(at + 1, end - at - 1);
                parameters.back().has_element_type = true;
                at = end;
                break;
            }
            default:
                break;
        }
    }
    return signature;
}

// Fits the symbols of the arguments to the parameters, greedily and with backtracking, as a regular expression would.
struct Signature::Matcher {
    const std::vector<Parameter>& parameters;
    std::string_view symbols;
    std::size_t parameter_count;
    bool to_the_end;
    std::vector<std::size_t> lengths{};  // symbols that each parameter took
    std::vector<char> hopeless{};        // (parameter, symbol) pairs known to fail

    bool match(std::size_t parameter = 0, std::size_t at = 0) {
        if (parameter == 0) {
            lengths.assign(parameter_count, 0);
            hopeless.assign((parameter_count + 1) * (symbols.size() + 1), 0);
        }
        if (parameter == parameter_count) return !to_the_end || at == symbols.size();
        char& failed = hopeless[parameter * (symbols.size() + 1) + at];
        if (failed) return false;
        const Parameter& wanted = parameters[parameter];
        std::size_t most = 0;
        const std::size_t allowed = wanted.repeated ? symbols.size() : 1;
        while (most < allowed && at + most < symbols.size() &&
               wanted.symbols.find(symbols[at + most]) != std::string::npos) {
            ++most;
        }
        const std::size_t least = wanted.optional ? 0 : 1;
        for (std::size_t i = least; i <= most; ++i) {
            const std::size_t length = wanted.lazy ? i : most + least - i;
            lengths[parameter] = length;
            if (match(parameter + 1, at + length)) return true;
        }
        failed = 1;
        return false;
    }
    std::size_t total() const {
        std::size_t sum = 0;
        for (const std::size_t length : lengths) sum += length;
        return sum;
    }
};

void Signature::reject(const Arguments& arguments, std::string_view symbols) const {
    std::size_t good = 0;
    for (std::size_t count = 1; count <= parameters_.size(); ++count) {
        Matcher matcher{parameters_, symbols, count, false};
        if (!matcher.match()) break;
        good = matcher.total();
    }
    Fault fault{"T0410"};
    if (good < arguments.size()) fault = Fault{"T0410"}.showing("value", arguments[good]);
    throw std::move(fault).with("index", Json(good + 1));
}

Value Signature::checked_array(Heap& heap, const Parameter& parameter, std::string_view matched, char symbol,
                               const Value& argument, std::size_t index) const {
    if (symbol == 'm') return {};
    bool fits = true;
    if (parameter.has_element_type) {
        if (symbol != 'a') {
            fits = matched == parameter.element_type;
        } else if (const Array* made = argument.made_array(); made && made->is_range()) {
            fits = parameter.element_type.starts_with('n');
        } else {
            const std::size_t size = argument.size();
            heap.budget.burn(size / 4);
            for (std::size_t i = 0; fits && i < size; ++i) {
                fits = parameter.element_type.starts_with(signature_symbol(argument.at(i)));
            }
        }
    }
    if (!fits) {
        Fault fault = Fault{"T0412"}.showing("value", argument).with("index", Json(index + 1));
        const auto type = plural(parameter.element_type);
        if (!type.empty()) fault.inserts.emplace_back("type", Json(std::string{type}));
        throw fault;
    }
    if (symbol == 'a') return argument;
    auto array = make_array(heap);
    array->push(argument);
    return as_value(std::move(array));
}

// The common case: as many arguments as parameters, each of a type that its parameter takes.
bool Signature::takes_one_each(const Arguments& arguments) const {
    if (arguments.size() != parameters_.size()) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Parameter& parameter = parameters_[i];
        if (parameter.lazy || parameter.repeated) return false;
        if (parameter.symbols.find(signature_symbol(arguments[i])) == std::string::npos) return false;
    }
    return true;
}

Arguments Signature::validate(Heap& heap, Arguments arguments, const Value& context) const {
    if (takes_one_each(arguments)) {
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            if (parameters_[i].type != 'a') continue;
            const char symbol = signature_symbol(arguments[i]);
            arguments[i] = checked_array(heap, parameters_[i], {&symbol, 1}, symbol, arguments[i], i);
        }
        return arguments;
    }
    std::string symbols;
    for (const Value& argument : arguments) symbols += signature_symbol(argument);
    Matcher matcher{parameters_, symbols, parameters_.size(), true};
    if (!matcher.match()) reject(arguments, symbols);

    Arguments validated;
    std::size_t next = 0;  // argument to be given out
    std::size_t at = 0;    // symbol reached
    const auto argument = [&] { return next < arguments.size() ? arguments[next] : Value{}; };
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Parameter& parameter = parameters_[i];
        const std::string_view matched = std::string_view{symbols}.substr(at, matcher.lengths[i]);
        at += matched.size();
        if (matched.empty()) {
            if (!parameter.from_context) {
                validated.push_back(argument());
                ++next;
            } else if (parameter.symbols.find(signature_symbol(context)) != std::string::npos) {
                validated.push_back(context);
            } else {
                throw Fault{"T0411"}.showing("value", context).with("index", Json(next + 1));
            }
            continue;
        }
        for (const char symbol : matched) {
            validated.push_back(
                parameter.type == 'a' ? checked_array(heap, parameter, matched, symbol, argument(), next) : argument());
            ++next;
        }
    }
    return validated;
}

}  // namespace pawl::jsonata
