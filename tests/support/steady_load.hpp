// Back ends that ask about tokens, and people who log in, without a pause: whoever changes something under
// them sees whether anybody notices.
#pragma once

#include "tests/support/deployment.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace wxlogind::test {

// Until the end of its life. They never stop to wait.
class steady_load {
public:
    explicit steady_load(const deployment& on) : on_{on} {
        for (unsigned i = 0; i < 3; ++i) start([this, i] { verify(i); });
        for (unsigned i = 0; i < 2; ++i) start([this, i] { log_in(i); });
    }
    ~steady_load() { is_over_ = true; }
    steady_load(const steady_load&) = delete;
    steady_load& operator=(const steady_load&) = delete;

    // Returns when every thread has done that many more.
    void go_on_for(unsigned requests) const {
        std::array<unsigned, 5> begin{};
        for (std::size_t i = 0; i < begin.size(); ++i) begin.at(i) = done_.at(i);
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        for (std::size_t i = 0; i < begin.size(); ++i)
            while (done_.at(i) - begin.at(i) < requests) {
                if (const std::string why = trouble(); !why.empty()) throw std::runtime_error{why};
                if (std::chrono::steady_clock::now() > limit)
                    throw std::runtime_error{"the load stands still"};
                std::this_thread::yield();
            }
    }

    // From here on tokens from before are not used any more.
    void take_new_tokens() {
        ++generation_;
        go_on_for(2);
    }

    [[nodiscard]] unsigned failures() const { return failures_; }
    [[nodiscard]] unsigned requests() const { return std::accumulate(done_.begin(), done_.end(), 0U); }

    // Why a thread of the load has given up; "" while all go on.
    [[nodiscard]] std::string trouble() const {
        const std::lock_guard holding{lock_};
        return trouble_;
    }

private:
    template <class Work>
    void start(Work work) {
        threads_.emplace_back([this, work] {
            try {
                work();
            } catch (const std::exception& why) {
                ++failures_;
                const std::lock_guard holding{lock_};
                trouble_ = why.what();
            }
        });
    }

    // Of somebody new: WeChat has a limit for each user.
    std::string fresh_token() {
        const http_reply reply = on_.log_in(on_.mint_code("user" + std::to_string(++users_)));
        if (reply.status != 200) {
            ++failures_;
            return {};
        }
        return "Authorization: Bearer " + text_of(json_of(reply), "token") + "\r\n";
    }

    void verify(unsigned number) {
        std::optional<http_connection> connection;
        unsigned generation = generation_;
        std::string token = fresh_token();
        for (unsigned count = 1; !is_over_; ++count) {
            if (generation != generation_) {
                generation = generation_;
                token = fresh_token();
            }
            // The server closes a connection after a thousand requests.
            if (count % 500 == 1) connection.emplace(on_.internal_address());
            if (connection->exchange(get_request("/verify", token)).status != 200) ++failures_;
            ++done_.at(number);
        }
    }

    void log_in(unsigned number) {
        while (!is_over_) {
            const std::string token = fresh_token();
            if (http_get(on_.internal_address(), "/verify", token).status != 200) ++failures_;
            ++done_.at(3 + number);
        }
    }

    const deployment& on_;
    std::atomic<bool> is_over_{false};
    std::atomic<unsigned> generation_{0};
    std::atomic<unsigned> failures_{0};
    std::atomic<unsigned> users_{0};
    std::array<std::atomic<unsigned>, 5> done_{};
    mutable std::mutex lock_;
    std::string trouble_;
    std::vector<std::jthread> threads_;
};

} // namespace wxlogind::test
