// Grouping and object constructors, order-by, and the transform operator.
#include <array>

#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/merge_sort.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

// The items that share a key. The first is kept as it is, more make an array of them all.
struct Members {
    Value data;
    std::size_t pair;
    Ref<Array> list;

    void add(const Value& item, Heap& heap) {
        if (item.is_undefined()) return;
        if (data.is_undefined() && !list) {
            data = item;
            return;
        }
        const auto put = [&](const Value& value) {
            if (value.is_array()) {
                list->append(value);
            } else {
                list->push(value);
            }
        };
        if (!list) {
            list = make_array(heap);
            put(data);
            data = {};
        }
        put(item);
    }
    Value value() { return list ? as_value(std::move(list)) : data; }
};

// Memory beside the heap's, until the account is closed.
class Account {
  public:
    explicit Account(Budget& budget) : budget_{budget} {}
    ~Account() { budget_.release(bytes_); }
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;
    void add(std::size_t bytes) {
        budget_.allocate(bytes);
        bytes_ += bytes;
    }

  private:
    Budget& budget_;
    std::size_t bytes_ = 0;
};

// The terms of an order-by for every item, evaluated when they are first compared.
class SortKeys {
  public:
    SortKeys(std::size_t items, std::size_t terms)
        : terms_{terms}, keys_(items * terms), known_(items * terms, false) {}
    template <class Evaluate>
    const Value& get(std::size_t item, std::size_t term, Evaluate evaluate) {
        const std::size_t at = item * terms_ + term;
        if (!known_[at]) {
            keys_[at] = evaluate();
            known_[at] = true;
        }
        return keys_[at];
    }

  private:
    std::size_t terms_;
    std::vector<Value> keys_;
    std::vector<bool> known_;
};

// Of a group while it is made, with its place in the index.
constexpr std::size_t group_bytes = 2 * (sizeof(Members) + sizeof(std::string)) + 112;
constexpr std::size_t small_object = 8;  // pairs whose keys are compared one by one

std::string_view checked_key(const Value& key, std::size_t position) {
    if (!key.is_string()) throw Fault{"T1003"}.at(position).showing("value", key);
    const std::string_view name = key.as_string();
    if (is_reserved_key(name)) throw Fault{"D1013"}.at(position).showing("value", key);
    return name;
}

bool is_sortable(const Value& value) { return value.is_string() || value.is_number(); }

// Negative, zero or positive. Undefined comes last, whatever the direction.
int compare_keys(const Value& a, const Value& b, bool descending, std::size_t position) {
    if (a.is_undefined()) return b.is_undefined() ? 0 : 1;
    if (b.is_undefined()) return -1;
    if (!is_sortable(a) || !is_sortable(b)) {
        throw Fault{"T2008"}.at(position).showing("value", is_sortable(a) ? b : a);
    }
    if (a.kind() != b.kind()) throw Fault{"T2007"}.at(position).showing("value", a).showing("value2", b);
    int order = 0;
    if (a.is_string()) {
        order = compare_utf16(a.as_string(), b.as_string());
    } else if (a.as_number() != b.as_number()) {
        order = a.as_number() < b.as_number() ? -1 : 1;
    }
    return descending ? -order : order;
}

}  // namespace

Value Evaluator::group(const Pairs& of, std::size_t position, const Value& input, Frame& frame) {
    const std::vector<Pair>& pairs = of.list;
    const bool of_tuples = input.is_tuple_stream();
    const bool is_list = input.is_array() && (input.size() > 0 || of_tuples);
    if (!is_list && !of_tuples && (of.constant_keys || pairs.size() <= small_object)) {
        const Value& item = input.is_array() ? Value{} : input;
        return of.constant_keys ? object_of_constant_keys(pairs, item, frame)
                                : object_of_one(pairs, position, item, frame);
    }
    const std::size_t size = is_list ? input.size() : 1;

    OrderedObject<std::string, Members> groups;
    Account account{budget_};
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = is_list ? input.at(i) : input.is_array() ? Value{} : input;
        const Ref<Frame> scope = of_tuples ? tuple_frame(frame, item) : Ref<Frame>{&frame};
        const Value context = of_tuples ? item.get("@") : item;
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
            const Value key = evaluate(*pairs[pair].first, context, *scope);
            if (key.is_undefined()) continue;
            const std::string_view name = checked_key(key, position);
            const auto known = groups.find(name);
            if (known == groups.end()) {
                budget_.burn(4);
                account.add(group_bytes + 2 * name.size());
                groups.append(name, Members{item, pair, {}});
            } else if (known->second.pair != pair) {
                throw Fault{"D1009"}.at(position).showing("value", key);
            } else {
                known->second.add(item, heap_);
            }
        }
    }

    auto made = make_object(heap_);
    for (auto& [key, members] : groups) {
        Value context = members.value();
        Ref<Frame> scope{&frame};
        if (of_tuples) {
            const Value tuple = reduced_tuples(context);
            context = tuple.get("@");
            // Of a group of one this is the tuple itself, which other groups then see without its context: a quirk of
            // the reference that its ports share.
            if (Object* const bindings = tuple.made_object()) bindings->erase("@");
            scope = tuple_frame(frame, tuple);
        }
        Value value = evaluate(*pairs[members.pair].second, context, *scope);
        if (!value.is_undefined()) made->add(key, std::move(value));
    }
    return as_value(std::move(made));
}

// What group() makes of a single item and a few pairs: all keys first, then the values.
Value Evaluator::object_of_one(const std::vector<Pair>& pairs, std::size_t position, const Value& item, Frame& frame) {
    Account account{budget_};
    std::array<Value, small_object> keys;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        keys[pair] = evaluate(*pairs[pair].first, item, frame);
        if (keys[pair].is_undefined()) continue;
        const std::string_view name = checked_key(keys[pair], position);
        for (std::size_t other = 0; other < pair; ++other) {
            if (keys[other].is_string() && keys[other].as_string() == name) {
                throw Fault{"D1009"}.at(position).showing("value", keys[pair]);
            }
        }
        budget_.burn(4);
        account.add(group_bytes + 2 * name.size());
    }
    auto made = make_object(heap_);
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        if (keys[pair].is_undefined()) continue;
        Value value = evaluate(*pairs[pair].second, item, frame);
        if (!value.is_undefined()) made->add(keys[pair].as_string(), std::move(value));
    }
    return as_value(std::move(made));
}

// The same where nothing about the keys is left to find out.
Value Evaluator::object_of_constant_keys(const std::vector<Pair>& pairs, const Value& item, Frame& frame) {
    auto made = make_object(heap_);
    made->reserve(pairs.size());
    for (const auto& [key, expression] : pairs) {
        budget_.burn(4);
        Value value = evaluate(*expression, item, frame);
        if (!value.is_undefined()) made->add(key->value, std::move(value));
    }
    return as_value(std::move(made));
}

Value Evaluator::order(const Syntax& node, const Value& input, Frame& frame) {
    const std::size_t size = input.size();
    if (!input.is_array() || size <= 1) return input;
    const bool of_tuples = input.is_tuple_stream();
    Account account{budget_};
    account.add(size * (node.terms.size() * sizeof(Value) + 2 * sizeof(std::size_t)));
    SortKeys keys{size, node.terms.size()};
    const auto key = [&](std::size_t item, std::size_t term) -> const Value& {
        return keys.get(item, term, [&] {
            const Value value = input.at(item);
            if (!of_tuples) return evaluate(*node.terms[term].expression, value, frame);
            const Ref<Frame> scope = tuple_frame(frame, value);
            return evaluate(*node.terms[term].expression, value.get("@"), *scope);
        });
    };
    const auto comes_after = [&](std::size_t a, std::size_t b) {
        budget_.burn();
        int order = 0;
        for (std::size_t term = 0; order == 0 && term < node.terms.size(); ++term) {
            order = compare_keys(key(a, term), key(b, term), node.terms[term].descending, node.position);
        }
        return order > 0;
    };
    auto sorted = make_array(heap_);
    sorted->reserve(size);
    for (const std::size_t item : merge_sorted(size, comes_after)) sorted->push(input.at(item));
    return as_value(std::move(sorted));
}

// |pattern|update, deletions|: a changed copy of the object.
Value Evaluator::transform(const Function& function, const Value& object) {
    if (object.is_undefined()) return {};
    const Syntax& node = *function.code;
    Frame& frame = *function.frame;
    const Value clone = look_up("clone", frame);
    if (!clone.is_function()) throw Fault{"T2013"}.at(node.position);
    Value result = apply(clone, {object}, Value::null(), frame);

    const Value matches = evaluate(*node.lhs, result, frame);
    const bool is_list = matches.is_array();
    const std::size_t size = matches.is_undefined() ? 0 : is_list ? matches.size() : 1;
    for (std::size_t i = 0; i < size; ++i) {
        const Value match = is_list ? matches.at(i) : matches;
        Object* const target = match.made_object();
        const Value update = evaluate(*node.rhs, match, frame);
        if (!update.is_undefined()) {
            if (!update.is_object()) throw Fault{"T2011"}.at(node.rhs->position).showing("value", update);
            for_each_member(update, [&](std::string_view key, const Value& value) {
                if (target) target->set(key, value);
            });
        }
        if (!node.third) continue;
        const Value deletions = evaluate(*node.third, match, frame);
        if (deletions.is_undefined()) continue;
        const std::size_t count = deletions.is_array() ? deletions.size() : 1;
        const auto name_at = [&](std::size_t index) { return deletions.is_array() ? deletions.at(index) : deletions; };
        for (std::size_t j = 0; j < count; ++j) {
            if (!name_at(j).is_string()) throw Fault{"T2012"}.at(node.third->position).showing("value", deletions);
        }
        for (std::size_t j = 0; j < count; ++j) {
            if (target) target->erase(name_at(j).as_string());
        }
    }
    return result;
}

}  // namespace pawl::jsonata
