#include "states/item_batch.hpp"

namespace pawl {
namespace {

std::string head_of(const MapPlan& plan) {
    std::string text = "{";
    if (!plan.batch_input.is_null()) text += R"("BatchInput":)" + to_text(plan.batch_input) + ",";
    return text + R"("Items":[)";
}

}  // namespace

ItemBatch::ItemBatch(const MapPlan& plan)
    : most_items_{plan.batch_items.value_or(0)},
      most_bytes_{static_cast<std::size_t>(plan.batch_bytes.value_or(0))},
      text_{head_of(plan)},
      head_{text_.size()} {}

bool ItemBatch::add(const Payload& item) {
    if (is_full()) return false;
    if (items_ > 0) {
        if (most_bytes_ != 0 && text_.size() - head_ + item.size_bytes() + 1 > most_bytes_) return false;
        text_ += ',';
    }
    text_ += item.text();
    ++items_;
    return true;
}

Payload ItemBatch::input() const { return Payload::from_text(text_ + "]}"); }

}  // namespace pawl
