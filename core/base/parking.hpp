// Suspending a coroutine until another thread has done something for it, and waking many at once.
//
// The storage writer and the single-flight of login codes finish work for coroutines of several reactors. A
// suspended coroutine is an intrusive node: handing it over costs no allocation, and one posted call wakes
// all nodes of a reactor, however many there are.
#pragma once

#include "core/base/async.hpp"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace wxlogind {

// A suspended coroutine. It has to be resumed exactly once, or its reactor never finishes.
class parked {
public:
    parked(const parked&) = delete;
    parked& operator=(const parked&) = delete;

    // Where the coroutine lives. Any thread.
    [[nodiscard]] const executor& home() const noexcept { return home_; }

    // For whoever holds the node: a singly linked list.
    parked* next = nullptr;

    // Continues the coroutine. On its reactor's thread only; the node is gone afterwards.
    void resume() { resume_(*this); }

protected:
    using resume_function = void (*)(parked&);
    parked(executor home, resume_function resume) : home_{std::move(home)}, resume_{resume} {}
    ~parked() = default;

private:
    executor home_;
    resume_function resume_;
};

// First in, first out.
class parked_list {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

    void push_back(parked& node) noexcept {
        node.next = nullptr;
        *(first_ == nullptr ? &first_ : &last_->next) = &node;
        last_ = &node;
    }

    parked* pop_front() noexcept {
        parked* const node = first_;
        if (node != nullptr) first_ = node->next;
        return node;
    }

private:
    parked* first_ = nullptr;
    parked* last_ = nullptr;
};

// Resumes every node of `nodes`, all of which have to live on the reactor `home`, by one posted call.
// Any thread.
inline void resume_all(const executor& home, parked_list nodes) {
    if (nodes.empty()) return;
    asio::post(home, [nodes]() mutable {
        while (parked* const node = nodes.pop_front()) node->resume();
    });
}

// Any thread.
inline void resume_one(parked& node) {
    parked_list just_this;
    just_this.push_back(node);
    resume_all(node.home(), just_this);
}

namespace detail {

template <class Handler>
class parked_operation final : public parked {
public:
    using allocator = typename std::allocator_traits<
        asio::associated_allocator_t<Handler>>::template rebind_alloc<parked_operation>;

    parked_operation(executor home, Handler&& handler)
        : parked{std::move(home), &parked_operation::resume_this}, handler_{std::move(handler)} {}

    static parked_operation& make(executor home, Handler&& handler) {
        allocator memory{asio::get_associated_allocator(handler)};
        auto* const place = std::allocator_traits<allocator>::allocate(memory, 1);
        return *new (place) parked_operation{std::move(home), std::move(handler)};
    }

private:
    static void resume_this(parked& node) {
        auto& self = static_cast<parked_operation&>(node);
        Handler handler{std::move(self.handler_)};
        allocator memory{asio::get_associated_allocator(handler)};
        self.~parked_operation();
        std::allocator_traits<allocator>::deallocate(memory, &self, 1);
        std::move(handler)();
    }

    Handler handler_;
};

} // namespace detail

// Suspends the calling coroutine and gives its node to `hand_over(parked&)`, which passes it on to whoever
// will call resume_one or resume_all. `hand_over` runs on the reactor's thread, before control leaves it; the
// node may be resumed (posted) from another thread before `hand_over` has returned.
//
//     co_await park(home, hand_over);
template <class HandOver>
[[nodiscard]] auto park(const executor& home, HandOver& hand_over) {
    return asio::async_initiate<const asio::deferred_t, void()>(
        [](auto handler, const executor& where, HandOver* give) {
            using handler_type = decltype(handler);
            (*give)(detail::parked_operation<handler_type>::make(where, std::move(handler)));
        },
        asio::deferred, home, &hand_over);
}

} // namespace wxlogind
