// A variable of an outer block can be read in the blocks inside, but not assigned there.
// Spec: Developer Guide, "Passing data between states with variables", on scopes.
#include "states/asl/parser.hpp"

namespace pawl::asl {

void check_variable_scopes(Parser& parser) {
    std::vector<std::unordered_set<std::string_view>> names(parser.blocks.size());
    for (std::size_t i = 0; i < parser.blocks.size(); ++i) {
        for (const auto& [name, place] : parser.blocks[i].assigned) names[i].insert(name);
    }
    for (const Block& block : parser.blocks) {
        for (const auto& [name, place] : block.assigned) {
            const Block* inner = &block;
            while (inner->parent && !inner->own_variables) {
                if (names[*inner->parent].contains(name)) {
                    parser.report.add(
                        {.where = place,
                         .message =
                             "The variable '" + name + "' is assigned in an outer scope: it can not be assigned here",
                         .hint = "choose another name, or return the value as output and assign it outside",
                         .code = code::invalid_variable});
                    break;
                }
                inner = &parser.blocks[*inner->parent];
            }
        }
    }
}

}  // namespace pawl::asl
