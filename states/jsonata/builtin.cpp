#include "states/jsonata/builtin.hpp"

#include <unordered_map>
#include <vector>

namespace pawl::jsonata {
namespace {

struct Table {
    std::unordered_map<std::string_view, std::size_t> by_name;
    std::vector<const Builtin*> all;
    std::vector<Signature> signatures;
    std::unordered_map<const Builtin*, std::size_t> index;

    Table() {
        for (const auto& family : {aggregation_functions(), string_functions(), matching_functions(),
                                   encoding_functions(), numeric_functions(), boolean_functions(), array_functions(),
                                   object_functions(), higher_order_functions(), time_functions(), aws_functions()}) {
            for (const Builtin& builtin : family) {
                by_name.emplace(builtin.name, all.size());
                index.emplace(&builtin, all.size());
                all.push_back(&builtin);
                signatures.push_back(Signature::parse(builtin.signature));
            }
        }
    }
};

const Table& table() {
    static const Table made;
    return made;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
    const auto found = table().by_name.find(name);
    return found == table().by_name.end() ? nullptr : table().all[found->second];
}

std::size_t builtin_count() { return table().all.size(); }
std::size_t builtin_index(const Builtin& builtin) { return table().index.at(&builtin); }
const Signature& signature_of(const Builtin& builtin) { return table().signatures[builtin_index(builtin)]; }

}  // namespace pawl::jsonata
