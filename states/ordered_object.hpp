// The object type behind pawl::Json: a vector of members in the order they were written, with a hash index over the
// keys from `index_from` members on. It has the part of std::map's interface that nlohmann::basic_json calls.
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pawl {

// Compare is what basic_json passes for std::map; order here is the author's, so it goes unused.
template <class Key, class T, class Compare = std::less<>, class Allocator = std::allocator<std::pair<Key, T>>>
class OrderedObject {
    // Keys stay assignable, so that growing and erasing move members instead of copying keys.
    using Members = std::vector<std::pair<Key, T>>;

  public:
    using key_type = Key;
    using mapped_type = T;
    using value_type = typename Members::value_type;
    using key_compare = std::equal_to<>;
    using allocator_type = Allocator;
    using size_type = typename Members::size_type;
    using difference_type = typename Members::difference_type;
    using reference = typename Members::reference;
    using const_reference = typename Members::const_reference;
    using iterator = typename Members::iterator;
    using const_iterator = typename Members::const_iterator;

    OrderedObject() = default;
    OrderedObject(const OrderedObject& other) : members_{other.members_} { reindex(); }
    OrderedObject(OrderedObject&&) noexcept = default;
    OrderedObject& operator=(OrderedObject other) noexcept {
        members_ = std::move(other.members_);
        index_ = std::move(other.index_);
        return *this;
    }
    ~OrderedObject() = default;
    template <class Iterator>
    OrderedObject(Iterator first, Iterator last) {
        for (; first != last; ++first) emplace(first->first, first->second);
    }
    OrderedObject(std::initializer_list<value_type> members) : OrderedObject(members.begin(), members.end()) {}

    iterator begin() noexcept { return members_.begin(); }
    iterator end() noexcept { return members_.end(); }
    const_iterator begin() const noexcept { return members_.begin(); }
    const_iterator end() const noexcept { return members_.end(); }
    const_iterator cbegin() const noexcept { return members_.cbegin(); }
    const_iterator cend() const noexcept { return members_.cend(); }
    bool empty() const noexcept { return members_.empty(); }
    size_type size() const noexcept { return members_.size(); }
    size_type max_size() const noexcept { return members_.max_size(); }
    void clear() noexcept {
        members_.clear();
        index_.reset();
    }
    void swap(OrderedObject& other) noexcept {
        members_.swap(other.members_);
        index_.swap(other.index_);
    }

    iterator find(std::string_view key) { return begin() + static_cast<difference_type>(position(key)); }
    const_iterator find(std::string_view key) const { return begin() + static_cast<difference_type>(position(key)); }
    size_type count(std::string_view key) const { return position(key) == members_.size() ? 0 : 1; }

    T& at(std::string_view key) { return const_cast<T&>(std::as_const(*this).at(key)); }
    const T& at(std::string_view key) const {
        const auto found = find(key);
        if (found == end()) throw std::out_of_range("key not found");
        return found->second;
    }
    T& operator[](const Key& key) { return emplace(key, T{}).first->second; }
    T& operator[](Key&& key) { return emplace(std::move(key), T{}).first->second; }

    template <class K, class V>
    std::pair<iterator, bool> emplace(K&& key, V&& value) {
        const auto found = find(key);
        if (found != end()) return {found, false};
        append(std::forward<K>(key), std::forward<V>(value));
        return {std::prev(members_.end()), true};
    }
    // A member with a key that is known to be new.
    template <class K, class V>
    void append(K&& key, V&& value) {
        members_.emplace_back(std::forward<K>(key), std::forward<V>(value));
        if (index_) {
            index_->emplace(members_.back().first, members_.size() - 1);
        } else if (members_.size() >= index_from) {
            reindex();
        }
    }
    void reserve(size_type count) { members_.reserve(count); }
    std::pair<iterator, bool> insert(value_type member) {
        return emplace(std::move(member.first), std::move(member.second));
    }
    template <class Iterator>
    void insert(Iterator first, Iterator last) {
        for (; first != last; ++first) emplace(first->first, first->second);
    }

    size_type erase(std::string_view key) {
        const auto found = find(key);
        if (found == end()) return 0;
        erase(found);
        return 1;
    }
    iterator erase(iterator position) { return erase(position, std::next(position)); }
    iterator erase(iterator first, iterator last) {
        const auto next = members_.erase(first, last);
        reindex();
        return next;
    }

    // Objects are equal when they have the same members, whatever their order.
    friend bool operator==(const OrderedObject& a, const OrderedObject& b) {
        return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const value_type& member) {
                   const auto twin = b.find(member.first);
                   return twin != b.end() && twin->second == member.second;
               });
    }
    friend bool operator<(const OrderedObject& a, const OrderedObject& b) { return a.members_ < b.members_; }

  private:
    static constexpr std::size_t index_from = 17;  // below, comparing a few short keys is quicker than hashing
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept { return std::hash<std::string_view>{}(key); }
    };
    using Index = std::unordered_map<Key, std::size_t, Hash, std::equal_to<>>;

    std::size_t position(std::string_view key) const {
        if (index_) {
            const auto found = index_->find(key);
            return found == index_->end() ? members_.size() : found->second;
        }
        const auto is_key = [&](const value_type& member) { return member.first == key; };
        return static_cast<std::size_t>(std::find_if(members_.begin(), members_.end(), is_key) - members_.begin());
    }
    void reindex() {
        index_.reset();
        if (members_.size() < index_from) return;
        index_ = std::make_unique<Index>(members_.size() * 2);
        for (std::size_t i = 0; i < members_.size(); ++i) index_->emplace(members_[i].first, i);
    }

    Members members_;
    std::unique_ptr<Index> index_;  // null while there are few members
};

}  // namespace pawl
