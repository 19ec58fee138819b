// A YAML text as a tree, with the place of every node; an alias is a second way to its anchor's node. What scalars mean
// and what tags stand for is for the reader of the tree to say. Spec: yaml.org/spec/1.2.2.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "states/result.hpp"

namespace pawl::asl {

inline constexpr std::size_t max_yaml_bytes = 4 * 1024 * 1024;

struct YamlNode {
    enum class Kind : std::uint8_t { Scalar, Sequence, Mapping };
    Kind kind = Kind::Scalar;
    bool plain = false;                        // a scalar without quotes, not a block of text either
    std::size_t offset = 0;                    // in bytes
    std::string tag = {};                      // "!Sub", "tag:yaml.org,2002:str"; empty: none
    std::string text = {};                     // of a scalar
    std::vector<std::uint32_t> children = {};  // of a mapping: key, value, key, value, …; keys are scalars
};

struct YamlDocument {
    std::vector<YamlNode> nodes;
    std::uint32_t root = 0;
    bool empty() const { return nodes.empty(); }
};

struct YamlProblem {
    std::size_t offset;
    std::string message;
    std::string hint = {};
    bool duplicate = false;  // a key that is there twice
};

// Of one document without cycles and with no key twice.
Result<YamlDocument, YamlProblem> parse_yaml(std::string_view text);

}  // namespace pawl::asl
