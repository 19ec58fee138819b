#include "states/asl/source_index.hpp"

#include <algorithm>
#include <unordered_set>

namespace pawl::asl {
namespace {

// Of the first byte after the string that begins at `quote`.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
    for (std::size_t i = quote + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return text.size();
}

}  // namespace

SourceIndex::SourceIndex(std::string_view text) : text_{text} {
    struct Open {
        std::uint32_t node;
        std::uint32_t last_child;
        bool object;
    };
    std::vector<Open> open;
    std::uint32_t last_top = none;
    std::size_t key = std::string_view::npos;  // of the member whose value comes next
    const auto value_at = [&](std::size_t offset) {
        const auto parent = open.empty() ? none : open.back().node;
        const auto node = add(key, offset, parent, open.empty() ? last_top : open.back().last_child);
        key = std::string_view::npos;
        return node;
    };
    const std::size_t start = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;  // a byte order mark is not part of it
    for (std::size_t i = start; i < text.size();) {
        const char c = text[i];
        if (c == '"') {
            const bool is_key = !open.empty() && open.back().object && key == std::string_view::npos;
            if (is_key) {
                key = i;
            } else {
                value_at(i);
            }
            i = end_of_string(text, i);
        } else if (c == '{' || c == '[') {
            const auto node = value_at(i++);
            open.push_back({node, none, c == '{'});
        } else if (c == '}' || c == ']') {
            if (!open.empty()) open.pop_back();
            key = std::string_view::npos;
            ++i;
        } else if (c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++i;
        } else {
            value_at(i);
            i = std::min(text.find_first_of(",:]}[{\" \t\n\r", i), text.size());
        }
    }
}

std::uint32_t SourceIndex::add(std::size_t key, std::size_t value, std::uint32_t parent, std::uint32_t& last_sibling) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({key, value, parent, none, none});
    if (last_sibling != none) {
        nodes_[last_sibling].next = index;
    } else if (parent != none) {
        nodes_[parent].first = index;
    }
    last_sibling = index;
    return index;
}

std::string SourceIndex::key_of(const Node& node) const {
    const auto end = end_of_string(text_, node.key);
    const auto quoted = text_.substr(node.key, end - node.key);
    const auto raw = quoted.substr(1, quoted.size() < 2 ? 0 : quoted.size() - 2);
    if (raw.find('\\') == std::string_view::npos) return std::string{raw};
    const auto decoded = Json::parse(quoted, nullptr, false);
    return decoded.is_string() ? decoded.get<std::string>() : std::string{raw};
}

const SourceIndex::Children& SourceIndex::children(std::uint32_t node) const {
    const auto [found, added] = children_.try_emplace(node);
    if (!added) return found->second;
    for (auto i = nodes_[node].first; i != none; i = nodes_[i].next) {
        if (nodes_[i].key == std::string_view::npos) {
            found->second.elements.push_back(i);
        } else {
            found->second.members.insert_or_assign(key_of(nodes_[i]), i);  // the last of equal keys
        }
    }
    return found->second;
}

std::uint32_t SourceIndex::child(std::uint32_t node, std::string_view step) const {
    const auto& [elements, members] = children(node);
    if (const auto member = members.find(std::string{step}); member != members.end()) return member->second;
    const auto index = index_of(step);
    return index < elements.size() ? elements[index] : none;
}

std::uint32_t SourceIndex::find(std::string_view pointer, bool nearest) const {
    if (nodes_.empty()) return none;
    std::uint32_t at = 0;
    while (!pointer.empty() && pointer.front() == '/') {
        const auto next = child(at, take_step(pointer));
        if (next == none) return nearest ? at : none;
        at = next;
    }
    return at;
}

std::size_t SourceIndex::offset(std::string_view pointer) const {
    const auto at = find(pointer, true);
    if (at == none) return 0;
    return nodes_[at].key == std::string_view::npos ? nodes_[at].value : nodes_[at].key;
}

std::string_view SourceIndex::string_at(std::string_view pointer) const {
    const auto at = find(pointer, false);
    if (at == none || nodes_[at].value >= text_.size() || text_[nodes_[at].value] != '"') return {};
    const auto begin = nodes_[at].value + 1;
    const auto end = end_of_string(text_, nodes_[at].value);
    return end > begin ? text_.substr(begin, end - begin - 1) : std::string_view{};
}

Place SourceIndex::place_of(std::uint32_t node) const {
    std::vector<std::uint32_t> path;
    for (; node != none && nodes_[node].parent != none; node = nodes_[node].parent) path.push_back(node);
    Place place;
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        if (nodes_[*step].key != std::string_view::npos) {
            place = place.at(key_of(nodes_[*step]));
            continue;
        }
        std::size_t index = 0;
        for (auto i = nodes_[nodes_[*step].parent].first; i != *step; i = nodes_[i].next) ++index;
        place = place.at(index);
    }
    return place;
}

std::vector<SourceIndex::Duplicate> SourceIndex::duplicates(std::size_t limit) const {
    std::vector<Duplicate> found;
    for (const Node& parent : nodes_) {
        const bool object = parent.first != none && nodes_[parent.first].key != std::string_view::npos;
        if (!object || found.size() >= limit) continue;
        std::unordered_set<std::string> seen;
        for (auto i = parent.first; i != none && found.size() < limit; i = nodes_[i].next) {
            auto key = key_of(nodes_[i]);
            if (!seen.insert(key).second) found.push_back({place_of(i), std::move(key)});
        }
    }
    return found;
}

}  // namespace pawl::asl
