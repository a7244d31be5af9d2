#include "handlers/admission/admission.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <ctime>
#include <string>

namespace wxlogind::handlers {

namespace {

constexpr std::chrono::milliseconds look_interval{5};
// Fewer than this make no queue, and a timer would cost each of them.
constexpr std::size_t few = 16;
constexpr std::chrono::seconds between_lines{10};

std::chrono::nanoseconds cpu_time_of_this_thread() noexcept {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

std::string in_millis(steady_clock::duration time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

} // namespace

admission::admission(
    net::reactor& home, const queue_rules& rules, const refusal_rules& refusing,
    const wechat::wechat_api& wechat, const storage::login_store& store)
    : wechat_{wechat},
      store_{store},
      logins_{"logins", rules},
      refreshes_{"refreshes", rules},
      refusals_{refusing},
      timer_{home.get_executor()} {}

void admission::use(const queue_rules& rules, const refusal_rules& refusing) noexcept {
    logins_.gate.use(rules);
    refreshes_.gate.use(rules);
    refusals_.use(refusing);
}

bool admission::lets_in(lane in) {
    line& of = line_of(in);
    const bool is_in = of.gate.admit();
    if (!is_in) of.shown.refused.add();
    of.show_inside();
    if (!is_watching_ && of.gate.inside() >= few) watch();
    return is_in;
}

void admission::watch() {
    is_watching_ = true;
    timer_.expires_after(look_interval);
    watched_from_ = timer_.expiry() - look_interval;
    finished_ = 0;
    worked_ = cpu_time_of_this_thread();
    timer_.async_wait([me = weak_from_this()](const error_code& error) {
        const auto self = me.lock();
        if (self != nullptr && !error) self->look();
    });
}

void admission::look() {
    const auto now = steady_clock::now();
    // Where others have the processor, the timer is late without a queue: what counts is the work that was
    // done before its turn came.
    const steady_clock::duration worked = cpu_time_of_this_thread() - worked_;
    const steady_clock::duration in_loop = std::min<steady_clock::duration>(now - timer_.expiry(), worked);
    const auto for_disk = in_loop + store_.queue_time(now);
    const auto for_wechat = for_disk + wechat_.queue_time(now);
    logins_.gate.sample(now, for_wechat, in_loop);
    refreshes_.gate.sample(now, for_disk, in_loop);
    using seconds = std::chrono::duration<double>;
    refusals_.turn(
        now,
        {.wait = in_loop, .busy = seconds{worked} / seconds{now - watched_from_}, .finished = finished_});
    tell(logins_, now, for_wechat);
    tell(refreshes_, now, for_disk);
    // On until the limits are gone: they go only while somebody looks, and so do those who are held.
    const bool goes_on = logins_.gate.inside() >= few || refreshes_.gate.inside() >= few ||
                         logins_.gate.is_limiting() || refreshes_.gate.is_limiting() || !refusals_.empty();
    logins_.show(goes_on ? for_wechat : steady_clock::duration{0});
    refreshes_.show(goes_on ? for_disk : steady_clock::duration{0});
    if (goes_on)
        watch();
    else
        is_watching_ = false;
}

void admission::line::show(steady_clock::duration queue_time) noexcept {
    shown.limit.set(gate.is_limiting() ? gate.limit() : 0);
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(queue_time).count();
    shown.queue_micros.set(static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros)));
}

void admission::tell(line& of, steady_clock::time_point now, steady_clock::duration queue_time) {
    if (of.gate.refused() == of.told || now < of.tell_again) return;
    log_warning(
        "overloaded: more arrives than can be served, the rest is refused with 503",
        {{"what", of.what},
         {"refused", std::to_string(of.gate.refused() - of.told), true},
         {"let_in_at_once", std::to_string(of.gate.inside()), true},
         {"queue_ms", in_millis(queue_time), true}});
    of.told = of.gate.refused();
    of.tell_again = now + between_lines;
}

} // namespace wxlogind::handlers
