// Lets in what the server can carry, and refuses the rest before it costs anything: see core/base/queue_gate.
//
// What a request waits for is told by three queues: its event loop (how late a timer of it fires, which
// stands in line as a request that arrives does), the pool of connections to WeChat, and the writer. The
// first of those who wait in each says how long it takes.
#pragma once

#include "core/base/async.hpp"
#include "core/base/metrics/report.hpp"
#include "core/base/queue_gate.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/wechat_api.hpp"
#include "handlers/admission/held_refusals.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

// What waits together. A refresh does not wait for WeChat, and WeChat that hangs does not shut it out.
enum class lane : std::uint8_t {
    open, // everybody is let in: checks of tokens, health
    logins,
    refreshes,
};

// One a reactor, and made for it; the reactor's thread only.
class admission : public std::enable_shared_from_this<admission> {
public:
    // A place inside, given back by the destructor.
    class place {
    public:
        // nullptr: a place where everybody is let in.
        place(admission* of, lane in) noexcept : of_{of}, in_{in} {
            if (of_ != nullptr) since_ = steady_clock::now();
        }
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        ~place() {
            if (of_ != nullptr) of_->leave(in_, steady_clock::now() - since_);
        }

    private:
        admission* of_;
        lane in_;
        steady_clock::time_point since_{};
    };

    // `wechat` and `store` outlive this; it goes on its reactor's thread, or when that has ended.
    admission(
        net::reactor& home, const queue_rules& rules, const refusal_rules& refusing,
        const wechat::wechat_api& wechat, const storage::login_store& store);

    // From now on, also for those who wait already.
    void use(const queue_rules& rules, const refusal_rules& refusing) noexcept;

    // False: to be refused, with errc::overloaded. True: a place has to be made of it.
    [[nodiscard]] bool lets_in(lane in);

    // Those that were not let in, when they are told.
    [[nodiscard]] held_refusals& refusals() noexcept { return refusals_; }
    [[nodiscard]] const held_refusals& refusals() const noexcept { return refusals_; }

    // A line in numbers. The reactor's thread sets, any reads.
    struct figures {
        metrics::gauge inside;
        metrics::gauge limit;        // how many are let in at a time; 0: there is no limit
        metrics::gauge queue_micros; // what one that comes now has to wait; 0 also where nobody looks
        metrics::counter refused;
    };
    [[nodiscard]] const figures& figures_of(lane in) const noexcept {
        return in == lane::logins ? logins_.shown : refreshes_.shown;
    }

    // For tests.
    [[nodiscard]] const queue_gate& logins() const noexcept { return logins_.gate; }
    [[nodiscard]] const queue_gate& refreshes() const noexcept { return refreshes_.gate; }

private:
    struct line {
        explicit line(std::string_view of, const queue_rules& rules) : what{of}, gate{rules} {}
        std::string_view what; // for the log
        queue_gate gate;
        std::uint64_t told{0}; // refusals that the log knows of
        steady_clock::time_point tell_again{};
        figures shown{};

        void show_inside() noexcept { shown.inside.set(gate.inside()); }
        void show(steady_clock::duration queue_time) noexcept;
    };

    line& line_of(lane in) noexcept { return in == lane::logins ? logins_ : refreshes_; }
    void leave(lane in, steady_clock::duration took) noexcept {
        line& of = line_of(in);
        of.gate.left(took);
        of.show_inside();
        ++finished_;
    }
    void watch();
    void look();
    static void tell(line& of, steady_clock::time_point now, steady_clock::duration queue_time);

    const wechat::wechat_api& wechat_;
    const storage::login_store& store_;
    line logins_;
    line refreshes_;
    held_refusals refusals_;
    steady_timer timer_;
    std::chrono::nanoseconds worked_{0};    // by this thread, when the timer was set
    steady_clock::time_point watched_from_; // then
    std::uint64_t finished_{0};             // since
    bool is_watching_{false};
};

// The lines of all reactors. Any thread.
void describe(const std::vector<admission*>& of, metrics::report& to);

} // namespace wxlogind::handlers
