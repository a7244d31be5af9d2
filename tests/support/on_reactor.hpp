// A reactor on a thread of its own, for tests of what runs on one.
#pragma once

#include "core/net/reactor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace wxlogind::test {

// What `Part` is lives on the reactor's thread; it is constructed before that starts.
template <class Part>
class on_reactor {
public:
    template <class Make> // std::unique_ptr<Part>(net::reactor&)
    explicit on_reactor(Make make) : part_{make(reactors_[0])} {
        reactors_.start();
    }
    ~on_reactor() {
        end_part();
        reactors_.stop_and_join();
    }
    on_reactor(const on_reactor&) = delete;
    on_reactor& operator=(const on_reactor&) = delete;

    // Destroys the part; the reactor runs on.
    void end_part() {
        if (part_ != nullptr) look([this](Part&) { return part_.reset(), true; });
    }

    // Runs task<T> make_work(Part&) there; the future has its value.
    template <class T, class MakeWork>
    std::future<T> start(MakeWork make_work) {
        auto promise = std::make_shared<std::promise<T>>();
        asio::post(reactors_[0].get_executor(), [this, promise, make_work = std::move(make_work)]() mutable {
            asio::co_spawn(
                reactors_[0].get_executor(), make_work(*part_),
                [promise](const std::exception_ptr& trouble, std::optional<T> value) {
                    if (trouble)
                        promise->set_exception(trouble);
                    else
                        promise->set_value(std::move(*value));
                });
        });
        return promise->get_future();
    }

    // Calls look(Part&) there.
    template <class Look>
    auto look(Look look) {
        std::promise<decltype(look(*part_))> seen;
        asio::post(reactors_[0].get_executor(), [&] { seen.set_value(look(*part_)); });
        return seen.get_future().get();
    }

private:
    net::reactor_pool reactors_{1};
    std::unique_ptr<Part> part_;
};

// The value, or an error where it does not come: a test that hangs says nothing.
template <class T>
T value_of(std::future<T> pending) {
    if (pending.wait_for(std::chrono::seconds{20}) != std::future_status::ready)
        throw std::runtime_error{"nothing came within 20 s"};
    return pending.get();
}

} // namespace wxlogind::test
