// The arguments of one call: a list of values, of which the first few need no memory of their own.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <new>
#include <utility>

#include "states/jsonata/value.hpp"

namespace pawl::jsonata {

class Arguments {
  public:
    Arguments() noexcept {}
    Arguments(std::initializer_list<Value> values) {
        for (const Value& value : values) push_back(value);
    }
    Arguments(Arguments&& other) noexcept { take(other); }
    Arguments& operator=(Arguments&& other) noexcept {
        if (this != &other) {
            drop();
            take(other);
        }
        return *this;
    }
    ~Arguments() { drop(); }

    void push_back(Value value) {
        if (size_ == capacity_) grow();
        new (data_ + size_) Value{std::move(value)};
        ++size_;
    }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    Value& operator[](std::size_t index) noexcept { return data_[index]; }
    const Value& operator[](std::size_t index) const noexcept { return data_[index]; }
    const Value* begin() const noexcept { return data_; }
    const Value* end() const noexcept { return data_ + size_; }

  private:
    static constexpr std::size_t inline_count = 4;

    Value* inline_values() noexcept { return reinterpret_cast<Value*>(inline_); }
    bool is_inline() const noexcept { return capacity_ == inline_count; }
    void grow() {
        const std::size_t capacity = capacity_ * 2;
        Value* const larger = std::allocator<Value>{}.allocate(capacity);
        const std::size_t count = size_;
        for (std::size_t i = 0; i < count; ++i) new (larger + i) Value{std::move(data_[i])};
        drop();
        data_ = larger;
        capacity_ = capacity;
        size_ = count;
    }
    void drop() noexcept {
        std::destroy_n(data_, size_);
        if (!is_inline()) std::allocator<Value>{}.deallocate(data_, capacity_);
        data_ = inline_values();
        capacity_ = inline_count;
        size_ = 0;
    }
    void take(Arguments& other) noexcept {  // into an empty one
        if (other.is_inline()) {
            for (std::size_t i = 0; i < other.size_; ++i) new (data_ + i) Value{std::move(other.data_[i])};
            size_ = other.size_;
            other.drop();
        } else {
            data_ = std::exchange(other.data_, other.inline_values());
            capacity_ = std::exchange(other.capacity_, inline_count);
            size_ = std::exchange(other.size_, 0);
        }
    }

    alignas(Value) unsigned char inline_[inline_count * sizeof(Value)];
    Value* data_ = inline_values();
    std::size_t size_ = 0;
    std::size_t capacity_ = inline_count;
};

}  // namespace pawl::jsonata
