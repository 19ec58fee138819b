#include "states/jsonata/builtin.hpp"

#include <unordered_map>
#include <vector>

namespace pawl::jsonata {
namespace {

struct Table {
    std::unordered_map<std::string_view, std::size_t> by_name;
    std::vector<Builtin> all;
    std::vector<Signature> signatures;

    Table() {
        for (const auto& family : {aggregation_functions(), string_functions(), matching_functions(),
                                   encoding_functions(), numeric_functions(), boolean_functions(), array_functions(),
                                   object_functions(), higher_order_functions(), time_functions(), aws_functions()}) {
            for (const Builtin& builtin : family) {
                by_name.emplace(builtin.name, all.size());
                all.push_back(builtin);
                all.back().index = static_cast<std::uint8_t>(all.size() - 1);
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
    return found == table().by_name.end() ? nullptr : &table().all[found->second];
}

const Signature& signature_of(const Builtin& builtin) { return table().signatures[builtin.index]; }

}  // namespace pawl::jsonata
