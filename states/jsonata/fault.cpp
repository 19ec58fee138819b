#include "states/jsonata/fault.hpp"

#include <array>
#include <string>

#include "states/jsonata/export.hpp"

namespace pawl::jsonata {
namespace {

// The reference's sentences. {{x}} is replaced by x as JSON, {{{x}}} by x as plain text.
struct Sentence {
    std::string_view code;
    std::string_view text;
};
constexpr std::array sentences{
    Sentence{"S0101", "String literal must be terminated by a matching quote"},
    Sentence{"S0102", "Number out of range: {{token}}"},
    Sentence{"S0103", "Unsupported escape sequence: \\{{token}}"},
    Sentence{"S0104", "The escape sequence \\u must be followed by 4 hex digits"},
    Sentence{"S0105", "Quoted property name must be terminated with a backquote (`)"},
    Sentence{"S0106", "Comment has no closing tag"},
    Sentence{"S0201", "Syntax error: {{token}}"},
    Sentence{"S0202", "Expected {{value}}, got {{token}}"},
    Sentence{"S0203", "Expected {{value}} before end of expression"},
    Sentence{"S0204", "Unknown operator: {{token}}"},
    Sentence{"S0207", "Unexpected end of expression"},
    Sentence{"S0208", "Parameter {{value}} of function definition must be a variable name (start with $)"},
    Sentence{"S0209", "A predicate cannot follow a grouping expression in a step"},
    Sentence{"S0210", "Each step can only have one grouping expression"},
    Sentence{"S0211", "The symbol {{token}} cannot be used as a unary operator"},
    Sentence{"S0212", "The left side of := must be a variable name (start with $)"},
    Sentence{"S0213", "The literal value {{value}} cannot be used as a step within a path expression"},
    Sentence{"S0214", "The right side of {{token}} must be a variable name (start with $)"},
    Sentence{"S0215", "A context variable binding must precede any predicates on a step"},
    Sentence{"S0216", "A context variable binding must precede the 'order-by' clause on a step"},
    Sentence{"S0217", "The object representing the 'parent' cannot be derived from this expression"},
    Sentence{"S0301", "Empty regular expressions are not allowed"},
    Sentence{"S0302", "No terminating / in regular expression"},
    Sentence{"S0303", "Invalid regular expression /{{{value}}}/: {{{reason}}}"},
    Sentence{"S0401", "Type parameters can only be applied to functions and arrays"},
    Sentence{"S0402", "Choice groups containing parameterized types are not supported"},
    Sentence{"T0410", "Argument {{index}} of function {{token}} does not match function signature"},
    Sentence{"T0411", "Context value is not a compatible type with argument {{index}} of function {{token}}"},
    Sentence{"T0412", "Argument {{index}} of function {{token}} must be an array of {{type}}"},
    Sentence{"D1001", "Number out of range: {{value}}"},
    Sentence{"D1002", "Cannot negate a non-numeric value: {{value}}"},
    Sentence{"T1003", "Key in object structure must evaluate to a string; got: {{value}}"},
    Sentence{"D1004", "Regular expression matches zero length string"},
    Sentence{"T1005", "Attempted to invoke a non-function. Did you mean ${{{token}}}?"},
    Sentence{"T1006", "Attempted to invoke a non-function"},
    Sentence{"T1007", "Attempted to partially apply a non-function. Did you mean ${{{token}}}?"},
    Sentence{"T1008", "Attempted to partially apply a non-function"},
    Sentence{"D1009", "Multiple key definitions evaluate to same key: {{value}}"},
    Sentence{"T1010",
             "The matcher function argument passed to function {{token}} does not return the correct object structure"},
    Sentence{"D1013", "Object property names starting with _jsonata_ are reserved for internal use: {{value}}"},
    Sentence{"T2001", "The left side of the {{token}} operator must evaluate to a number"},
    Sentence{"T2002", "The right side of the {{token}} operator must evaluate to a number"},
    Sentence{"T2003", "The left side of the range operator (..) must evaluate to an integer"},
    Sentence{"T2004", "The right side of the range operator (..) must evaluate to an integer"},
    Sentence{"T2006", "The right side of the function application operator ~> must be a function"},
    Sentence{"T2007", "Type mismatch when comparing values {{value}} and {{value2}} in order-by clause"},
    Sentence{"T2008", "The expressions within an order-by clause must evaluate to numeric or string values"},
    Sentence{"T2009",
             "The values {{value}} and {{value2}} either side of operator {{token}} must be of the same data type"},
    Sentence{"T2010", "The expressions either side of operator {{token}} must evaluate to numeric or string values"},
    Sentence{"T2011", "The insert/update clause of the transform expression must evaluate to an object: {{value}}"},
    Sentence{"T2012",
             "The delete clause of the transform expression must evaluate to a string or array of strings: {{value}}"},
    Sentence{"T2013",
             "The transform expression clones the input object using the $clone() function.  This has been overridden "
             "in the current scope by a non-function."},
    Sentence{"D2014",
             "The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to "
             "allocate {{value}}."},
    Sentence{"D3001", "Attempting to invoke string function on Infinity or NaN"},
    Sentence{"D3010", "Second argument of replace function cannot be an empty string"},
    Sentence{"D3011", "Fourth argument of replace function must evaluate to a positive number"},
    Sentence{"D3012", "Attempted to replace a matched string with a non-string value"},
    Sentence{"D3020", "Third argument of split function must evaluate to a positive number"},
    Sentence{"D3030", "Unable to cast value to a number: {{value}}"},
    Sentence{"D3040", "Third argument of match function must evaluate to a positive number"},
    Sentence{"D3050", "The second argument of reduce function must be a function with at least two arguments"},
    Sentence{"D3060", "The sqrt function cannot be applied to a negative number: {{value}}"},
    Sentence{"D3061",
             "The power function has resulted in a value that cannot be represented as a JSON number: base={{value}}, "
             "exponent={{exp}}"},
    Sentence{"D3070",
             "The single argument form of the sort function can only be applied to an array of strings or an array of "
             "numbers.  Use the second argument to specify a comparison function"},
    Sentence{"D3080", "The picture string must only contain a maximum of two sub-pictures"},
    Sentence{"D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character"},
    Sentence{"D3082", "The sub-picture must not contain more than one instance of the 'percent' character"},
    Sentence{"D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"},
    Sentence{"D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"},
    Sentence{"D3085",
             "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit "
             "character' or a member of the 'decimal digit family'"},
    Sentence{"D3086",
             "The sub-picture must not contain a passive character that is preceded by an active character and that is "
             "followed by another active character"},
    Sentence{"D3087",
             "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a "
             "'decimal-separator' character"},
    Sentence{"D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"},
    Sentence{"D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"},
    Sentence{"D3090",
             "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is "
             "followed by an instance of the 'optional digit character'"},
    Sentence{"D3091",
             "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' "
             "that is followed by a member of the 'decimal digit family'"},
    Sentence{"D3092",
             "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as "
             "an 'exponent-separator'"},
    Sentence{"D3093",
             "The exponent part of the sub-picture must comprise only of one or more characters that are members of "
             "the 'decimal digit family'"},
    Sentence{"D3100", "The radix of the formatBase function must be between 2 and 36.  It was given {{value}}"},
    Sentence{"D3110", "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {{value}}"},
    Sentence{"D3120", "Syntax error in expression passed to function eval: {{value}}"},
    Sentence{"D3121", "Dynamic error evaluating the expression passed to function eval: {{value}}"},
    Sentence{"D3130",
             "Formatting or parsing an integer as a sequence starting with {{value}} is not supported by this "
             "implementation"},
    Sentence{"D3131", "In a decimal digit pattern, all digits must be from the same decimal group"},
    Sentence{"D3132", "Unknown component specifier {{value}} in date/time picture string"},
    Sentence{
        "D3133",
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not {{value}}"},
    Sentence{"D3134", "The timezone integer format specifier cannot have more than four digits"},
    Sentence{"D3135", "No matching closing bracket ']' in date/time picture string"},
    Sentence{"D3136", "The date/time picture string is missing specifiers required to parse the timestamp"},
    Sentence{"D3137", "{{{message}}}"},
    Sentence{"D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."},
    Sentence{"D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."},
    Sentence{"D3140", "Malformed URL passed to ${{{functionName}}}(): {{value}}"},
    Sentence{"D3141", "{{{message}}}"},
    Sentence{"U1001", "{{{message}}}"},
};

const Json* insert_named(const Fault& fault, std::string_view name) {
    if (name == "token") return fault.token ? &*fault.token : nullptr;
    for (const auto& [known, value] : fault.inserts) {
        if (known == name) return &value;
    }
    return nullptr;
}

std::string filled(std::string_view text, const Fault& fault) {
    std::string sentence;
    for (std::size_t at = 0; at < text.size();) {
        if (!text.substr(at).starts_with("{{")) {
            sentence += text[at++];
            continue;
        }
        const bool plain = text.substr(at).starts_with("{{{");
        const std::size_t begin = at + (plain ? 3 : 2);
        const std::size_t end = text.find('}', begin);
        const Json* const insert = insert_named(fault, text.substr(begin, end - begin));
        if (!insert) {
            sentence += "undefined";
        } else {
            sentence += plain && insert->is_string() ? insert->get<std::string>() : to_text(*insert);
        }
        at = end + (plain ? 3 : 2);
    }
    return sentence;
}

}  // namespace

Fault&& Fault::showing(std::string_view name, const Value& insert) && {
    if (!insert.is_undefined()) inserts.emplace_back(name, exported_leniently(insert));
    return std::move(*this);
}

Fault limit_exceeded(std::string_view sentence) { return Fault{"U1001"}.with("message", Json(std::string{sentence})); }

Error to_error(const Fault& fault) {
    Error error;
    error.code = fault.code;
    error.position = fault.position;
    error.token = fault.token;
    if (const Json* value = insert_named(fault, "value")) error.value = *value;
    for (const Sentence& sentence : sentences) {
        if (sentence.code == fault.code) error.message = filled(sentence.text, fault);
    }
    return error;
}

}  // namespace pawl::jsonata
