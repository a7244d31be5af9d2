#include "core/wechat/code_flights.hpp"

#include "core/base/parking.hpp"
#include "core/base/random.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/spent_codes.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace wxlogind::wechat {

namespace {

constexpr std::size_t shard_count = 64; // enough that reactors seldom meet at a lock

flight_answer answer_with(failure why) {
    return std::make_shared<const result<std::string>>(std::move(why));
}

const flight_answer& spent_answer() {
    static const flight_answer answer = answer_with({errc::code_rejected, "the code has been used"});
    return answer;
}

const flight_answer& abandoned_answer() {
    static const flight_answer answer = answer_with(errc::internal);
    return answer;
}

// Those who wait, by reactor, so that each reactor is woken once.
struct waiting_at {
    executor home;
    parked_list nodes;
};

} // namespace

code_fate fate_after(const failure& why) noexcept {
    switch (why.code) {
    case errc::wechat_unavailable: return why.wechat_errcode == 0 ? code_fate::good : code_fate::spent;
    // With an errcode WeChat refused the call; without one nobody knows what became of the code.
    case errc::rate_limited:
    case errc::wechat_misconfigured: return why.wechat_errcode != 0 ? code_fate::good : code_fate::spent;
    case errc::overloaded: return code_fate::good;
    default: return code_fate::spent;
    }
}

struct flight_ticket::flight {
    explicit flight(const code_fingerprint& of) : code{of} {}

    const code_fingerprint code;
    // How many have joined the leader. Never falls: a client that waits here is not watched.
    std::atomic<unsigned> followers{0};

    // Guarded by the shard's lock, until there is an answer; immutable from then on.
    flight_answer answer;
    std::vector<waiting_at> waiting;
};

struct code_flights::shard {
    struct replay {
        code_fingerprint code;
        steady_clock::time_point until;
    };
    struct kept_answer {
        flight_answer answer;
        steady_clock::time_point until;
    };

    explicit shard(const flight_limits& limits)
        : spent{limits.spent_codes / shard_count, limits.spent_window},
          max_replays{std::max<std::size_t>(1, limits.max_replays / shard_count)} {}

    std::mutex lock;
    // Flat: every login enters both and leaves both, and a node each time would be memory that is cold.
    template <class Value>
    using map_by_code = boost::unordered_flat_map<code_fingerprint, Value, fingerprint_hash>;

    map_by_code<std::shared_ptr<flight_ticket::flight>> flying;
    map_by_code<kept_answer> answers;
    // Of `answers`, the oldest first. Where the window has become shorter meanwhile, one that is over may
    // stand behind one that is not.
    std::deque<replay> replays;
    spent_codes spent;
    const std::size_t max_replays;
    std::uint64_t joined{0};
    std::uint64_t refused{0};

    void forget_old_answers(steady_clock::time_point now) {
        while (!replays.empty() && replays.front().until <= now) forget_oldest_answer();
    }
    void forget_oldest_answer() {
        answers.erase(replays.front().code);
        replays.pop_front();
    }
    void
    keep_answer(const code_fingerprint& code, const flight_answer& answer, steady_clock::time_point until) {
        if (replays.size() >= max_replays) forget_oldest_answer();
        replays.push_back({code, until}); // first: an answer without it would stay for ever
        answers.insert_or_assign(code, kept_answer{answer, until});
    }
};

// --- the ticket

flight_ticket::flight_ticket(
    code_flights* flights, std::shared_ptr<flight> mine, flight_answer answer) noexcept
    : flights_{flights}, flight_{std::move(mine)}, answer_{std::move(answer)} {}

flight_ticket::flight_ticket(flight_ticket&& other) noexcept
    : flights_{std::exchange(other.flights_, nullptr)},
      flight_{std::move(other.flight_)},
      answer_{std::move(other.answer_)} {}

flight_ticket::~flight_ticket() {
    if (leads()) flights_->finish(*flight_, abandoned_answer(), code_fate::spent);
}

flight_answer flight_ticket::finish(result<std::string> answer, code_fate fate) {
    answer_ = std::make_shared<const result<std::string>>(std::move(answer));
    if (leads()) std::exchange(flights_, nullptr)->finish(*flight_, answer_, fate);
    return answer_;
}

bool flight_ticket::has_followers() const noexcept {
    return flight_->followers.load(std::memory_order_relaxed) != 0;
}

// --- all flights

code_flights::code_flights(const flight_limits& limits, steady_clock::time_point (*now)() noexcept)
    : limits_{limits}, replay_window_{limits.replay_window}, now_{now} {
    fill_random(key_);
    (void)abandoned_answer(); // made while there is memory
    shards_.reserve(shard_count);
    for (std::size_t index = 0; index < shard_count; ++index)
        shards_.push_back(std::make_unique<shard>(limits));
}

code_flights::~code_flights() = default;

code_flights::shard& code_flights::shard_of(const code_fingerprint& code) const noexcept {
    return *shards_[code.low % shard_count];
}

task<flight_ticket> code_flights::board(std::string_view appid, std::string_view code, executor home) {
    const code_fingerprint name = fingerprint_of(key_, appid, code);
    shard& here = shard_of(name);
    std::shared_ptr<flight_ticket::flight> flight;
    {
        const std::lock_guard guard{here.lock};
        const auto now = now_();
        here.forget_old_answers(now);
        if (const auto found = here.flying.find(name); found != here.flying.end()) {
            flight = found->second;
            flight->followers.fetch_add(1, std::memory_order_relaxed);
            ++here.joined;
        } else if (const auto kept = here.answers.find(name);
                   kept != here.answers.end() && kept->second.until > now) {
            ++here.joined;
            co_return flight_ticket{nullptr, nullptr, kept->second.answer};
        } else if (here.spent.is_known(name, now)) {
            ++here.refused;
            co_return flight_ticket{nullptr, nullptr, spent_answer()};
        } else {
            flight = std::make_shared<flight_ticket::flight>(name);
            here.flying.emplace(name, flight);
            co_return flight_ticket{this, std::move(flight), nullptr};
        }
    }

    auto hand_over = [&here, &flight](parked& node) {
        {
            const std::lock_guard guard{here.lock};
            if (flight->answer == nullptr) {
                for (waiting_at& each : flight->waiting)
                    if (each.home == node.home()) return each.nodes.push_back(node);
                flight->waiting.push_back({node.home(), {}});
                return flight->waiting.back().nodes.push_back(node);
            }
        }
        resume_one(node); // it was finished between the two locks
    };
    co_await park(home, hand_over);
    co_return flight_ticket{nullptr, nullptr, flight->answer};
}

void code_flights::finish(flight_ticket::flight& flight, const flight_answer& answer, code_fate fate) {
    shard& here = shard_of(flight.code);
    std::vector<waiting_at> waiting;
    {
        const std::lock_guard guard{here.lock};
        flight.answer = answer;
        waiting.swap(flight.waiting);
        here.flying.erase(flight.code); // the ticket keeps the flight itself
        try {
            const auto now = now_();
            if (answer->has_value() || fate == code_fate::spent) here.spent.remember(flight.code, now);
            if (answer->has_value())
                here.keep_answer(flight.code, answer, now + replay_window_.load(std::memory_order_relaxed));
        } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): logging takes memory as well
            // Those who wait are woken all the same. WeChat, too, knows which codes are spent.
        }
    }
    if (!is_closed_.load(std::memory_order_acquire))
        for (const waiting_at& each : waiting) resume_all(each.home, each.nodes);
}

void code_flights::sweep() {
    for (const auto& each : shards_) {
        const std::lock_guard guard{each->lock};
        each->forget_old_answers(now_());
    }
}

void code_flights::close() noexcept {
    is_closed_.store(true, std::memory_order_release);
}

code_flights::counts code_flights::count() const {
    counts sum;
    for (const auto& each : shards_) {
        const std::lock_guard guard{each->lock};
        sum.flying += each->flying.size();
        sum.replayable += each->replays.size();
        sum.spent += each->spent.size();
        sum.joined += each->joined;
        sum.refused += each->refused;
    }
    return sum;
}

} // namespace wxlogind::wechat
