// What counted values have in common: a reference count, and a place in the list of their evaluation's heap. The heap
// frees nodes without recursion, and at its end also those that refer to each other in a circle (closures do).
#pragma once
#include <cstddef>
#include <cstdint>

#include "states/jsonata/budget.hpp"

namespace pawl::jsonata {

class Heap;

class Node {
  public:
    // `bytes` is the size of the derived object; it is counted. Throws before anything is linked.
    Node(Heap& heap, std::size_t bytes);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    virtual ~Node() { counted(); }

    void retain() noexcept { ++references_; }
    void release() noexcept;
    bool is_shared() const noexcept { return references_ > 1; }
    Heap& heap() const noexcept { return heap_; }

    virtual void drop_children() noexcept = 0;  // forget all values, for the end of the heap

  private:
    friend class Heap;
    static constexpr std::size_t allocator_bytes = 16;  // its share of every object
    void counted() noexcept;

    Heap& heap_;
    Node* previous_;
    Node* next_;
    const std::uint32_t bytes_;
    std::uint32_t references_ = 1;
};

class Heap {
  public:
    explicit Heap(Budget& spend) : budget{spend} {}
    ~Heap();
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    Budget& budget;

  private:
    friend class Node;
    void bury(Node* node) noexcept;

    Node* first_ = nullptr;
    Node* dead_ = nullptr;  // linked by next_, waiting for their destructors
    bool burying_ = false;
};

inline Node::Node(Heap& heap, std::size_t bytes)
    : heap_{heap}, previous_{nullptr}, next_{heap.first_}, bytes_{static_cast<std::uint32_t>(bytes + allocator_bytes)} {
    heap.budget.allocate(bytes_);
    if (next_) next_->previous_ = this;
    heap.first_ = this;
}

inline void Node::counted() noexcept { heap_.budget.release(bytes_); }

inline void Node::release() noexcept {
    if (--references_ == 0) heap_.bury(this);
}

// A counted pointer to a Node type.
template <class T>
class Ref {
  public:
    Ref() noexcept = default;
    static Ref adopt(T* node) noexcept {
        Ref ref;
        ref.node_ = node;
        return ref;
    }
    explicit Ref(T* node) noexcept : node_{node} {
        if (node_) node_->retain();
    }
    Ref(const Ref& other) noexcept : Ref{other.node_} {}
    Ref(Ref&& other) noexcept : node_{other.node_} { other.node_ = nullptr; }
    Ref& operator=(Ref other) noexcept {
        T* const mine = node_;
        node_ = other.node_;
        other.node_ = mine;
        return *this;
    }
    ~Ref() {
        if (node_) node_->release();
    }
    T* get() const noexcept { return node_; }
    T* operator->() const noexcept { return node_; }
    T& operator*() const noexcept { return *node_; }
    explicit operator bool() const noexcept { return node_ != nullptr; }
    T* leak() noexcept {
        T* const node = node_;
        node_ = nullptr;
        return node;
    }

  private:
    T* node_ = nullptr;
};

}  // namespace pawl::jsonata
