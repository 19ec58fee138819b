// Items on their way into one child execution of a distributed Map: {"BatchInput": …, "Items": […]}.
// Spec: Developer Guide, "ItemBatcher (Map)".
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "states/map_plan.hpp"

namespace pawl {

class ItemBatch {
  public:
    explicit ItemBatch(const MapPlan& plan);

    bool is_full() const { return most_items_ != 0 && items_ == most_items_; }
    // False when the item is too much; a first one never is, however large.
    bool add(const Payload& item);
    std::int64_t items() const { return items_; }
    std::size_t bytes() const { return text_.size(); }
    Payload input() const;  // of the child

  private:
    const std::int64_t most_items_;  // 0: any number
    const std::size_t most_bytes_;   // of the items' texts; 0: any
    std::string text_;
    const std::size_t head_;  // bytes in front of the first item
    std::int64_t items_ = 0;
};

}  // namespace pawl
