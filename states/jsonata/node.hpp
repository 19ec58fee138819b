// What counted values have in common: a reference count, and a place in the list of their evaluation's heap. The heap
// frees nodes without recursion, and at its end also those that refer to each other in a circle (closures do).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "states/jsonata/budget.hpp"

namespace pawl::jsonata {

class Heap;

class Node {
  public:
    // To be made by `new (heap) T{heap, …}`; `bytes` is the size of the derived object, which is counted. Throws before
    // anything is linked.
    Node(Heap& heap, std::size_t bytes);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    virtual ~Node() { counted(); }
    static void* operator new(std::size_t bytes, Heap& heap);
    static void operator delete(void* memory, Heap& heap) noexcept;  // when a constructor throws
    static void operator delete(void*) noexcept {}                   // never called: Heap::bury frees

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
    // Memory for nodes: pieces of large blocks, given out again by size. With a sanitizer, one allocation a node, so
    // that it sees each of them.
    static constexpr std::size_t granule = 32;   // few lists: they are cleared for every evaluation
    static constexpr std::size_t largest = 256;  // bytes; nodes are smaller
    static constexpr std::size_t block_bytes = 8192;
    void* allocate(std::size_t bytes);
    void* allocate_from_new_block(std::size_t bytes);
    void free(void* memory, std::size_t bytes) noexcept;
    void bury(Node* node) noexcept;

    struct Piece {
        Piece* next;
    };
    std::array<Piece*, largest / granule + 1> free_{};
    alignas(std::max_align_t) std::byte first_block_[1536];  // small evaluations need no other
    std::byte* unused_ = first_block_;
    std::byte* unused_end_ = first_block_ + sizeof first_block_;
    std::vector<std::unique_ptr<std::byte[]>> blocks_;

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

#if defined(__SANITIZE_ADDRESS__)
#define PAWL_JSONATA_PLAIN_HEAP 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAWL_JSONATA_PLAIN_HEAP 1
#endif
#endif

inline void* Heap::allocate(std::size_t bytes) {
#ifdef PAWL_JSONATA_PLAIN_HEAP
    return ::operator new(bytes);
#else
    const std::size_t granules = (bytes + granule - 1) / granule;
    if (Piece* const piece = free_[granules]) {
        free_[granules] = piece->next;
        return piece;
    }
    const std::size_t size = granules * granule;
    if (static_cast<std::size_t>(unused_end_ - unused_) < size) return allocate_from_new_block(size);
    return std::exchange(unused_, unused_ + size);
#endif
}

inline void Heap::free(void* memory, std::size_t bytes) noexcept {
#ifdef PAWL_JSONATA_PLAIN_HEAP
    (void)bytes;
    ::operator delete(memory);
#else
    Piece*& list = free_[(bytes + granule - 1) / granule];
    list = new (memory) Piece{list};
#endif
}

inline void* Node::operator new(std::size_t bytes, Heap& heap) { return heap.allocate(bytes); }
inline void Node::operator delete(void* memory, Heap&) noexcept {
#ifdef PAWL_JSONATA_PLAIN_HEAP
    ::operator delete(memory);
#else
    (void)memory;  // stays with its block: the evaluation is about to end
#endif
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
