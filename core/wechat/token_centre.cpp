#include "core/wechat/token_centre.hpp"

#include "core/base/log.hpp"
#include "core/base/parking.hpp"
#include "core/base/random.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/exchange_rules.hpp"
#include "core/wechat/forced_refreshes.hpp"
#include "core/wechat/token_schedule.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <optional>
#include <utility>

namespace wxlogind::wechat {

namespace {

constexpr std::chrono::seconds warning_interval{60};

std::uint32_t draw_chance() {
    std::array<unsigned char, 4> bytes{};
    fill_random(bytes);
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

failure closed() {
    return {errc::wechat_unavailable, "this server is stopping"};
}

} // namespace

// Guarded by the centre's lock.
struct token_centre::flight {
    std::optional<result<access_token>> outcome{}; // immutable once it is there
    parked_list waiting{};
};

// Guarded by the centre's lock.
struct token_centre::entry {
    explicit entry(app_credentials of) : app{std::move(of)} {}

    app_credentials app; // as it was shown last
    token_schedule schedule{};
    forced_refreshes forced{};
    flight_ptr flying{};
    steady_clock::time_point warning_again{};
    std::uint64_t fetched_count{0};
    std::uint64_t failed_count{0};
    std::uint64_t forced_count{0};
};

token_centre::token_centre(std::chrono::milliseconds patience, steady_clock::time_point (*now)() noexcept)
    : patience_{patience}, now_{now} {}

token_centre::~token_centre() = default;

void token_centre::open(executor home, token_source& source) {
    home_ = std::make_unique<executor>(std::move(home));
    source_ = &source;
}

// Locked.
token_centre::entry_ptr token_centre::entry_of(const app_credentials& app) {
    auto place = entries_.find(app.appid);
    if (place == entries_.end()) place = entries_.emplace(app.appid, std::make_shared<entry>(app)).first;
    entry& found = *place->second;
    if (!found.app.is_same_as(app)) {
        found.app = app;
        found.schedule.forget_failure();
    }
    return place->second;
}

// Locked. The flight that is under way, or a new one.
token_centre::flight_ptr token_centre::begin(const entry_ptr& of, const secret* rejected) {
    if (of->flying) return of->flying;
    const auto mine = std::make_shared<flight>();
    const auto take_off = [this, of, mine, why = rejected != nullptr ? *rejected : secret{}] {
        asio::co_spawn(*home_, fly(of, mine, why), [this, of, mine](const std::exception_ptr& trouble) {
            if (trouble) land(of, mine, errc::internal); // no memory
        });
    };
    asio::post(*home_, take_off); // never here and now: the lock is held
    of->flying = mine;
    ++flying_;
    return mine;
}

task<> token_centre::fly(entry_ptr of, flight_ptr mine, secret rejected) {
    const auto until = steady_clock::now() + patience_.load(std::memory_order_relaxed);
    app_credentials app;
    {
        const std::lock_guard guard{lock_};
        app = of->app;
    }
    auto found = co_await find_token(of, app, rejected, until);
    land(of, mine, std::move(found));
}

// stable_token in normal mode; when that gives the rejected token again, whether WeChat takes it from us;
// when not, by force.
task<result<access_token>> token_centre::find_token(
    const entry_ptr& of, const app_credentials& app, const secret& rejected, steady_clock::time_point until) {
    auto found = co_await source_->fetch(app, token_wish::normal, until);
    if (!found || rejected.empty() || !found->is(rejected)) co_return found;

    const auto taken = co_await source_->is_taken(app, rejected, until);
    if (!taken) co_return taken.error();
    {
        const std::lock_guard guard{lock_};
        const auto now = now_();
        if (*taken) {
            of->schedule.confirm(now);
            co_return found;
        }
        if (!of->forced.admit(now)) {
            failure why = unavailable(
                whole_seconds(std::chrono::ceil<std::chrono::milliseconds>(of->forced.next() - now)));
            why.detail = "WeChat does not take the access token, and gives no other yet";
            co_return why;
        }
        ++of->forced_count;
    }
    log_warning(
        "WeChat does not take the access token that it gives: another is had by force",
        {{"appid", app.appid}});
    auto other = co_await source_->fetch(app, token_wish::forced, until);
    if (other && other->is(rejected))
        co_return failure{errc::wechat_unavailable, "WeChat gives no other access token"};
    co_return other;
}

void token_centre::land(const entry_ptr& of, const flight_ptr& mine, result<access_token> with) {
    parked_list waiting;
    std::optional<failure> to_tell;
    std::string appid;
    const std::uint32_t chance = draw_chance();
    {
        const std::lock_guard guard{lock_};
        if (mine->outcome) return;
        const auto now = now_();
        if (with) {
            ++of->fetched_count;
            of->schedule.adopt(*with, now, chance);
        } else {
            ++of->failed_count;
            of->schedule.failed(with.error(), now, chance);
            if (now >= of->warning_again) {
                of->warning_again = now + warning_interval;
                to_tell = with.error();
                appid = of->app.appid;
            }
        }
        mine->outcome = std::move(with);
        waiting = std::exchange(mine->waiting, {});
        if (of->flying == mine) of->flying.reset();
        --flying_;
    }
    if (to_tell) tell_about(appid, *to_tell);
    while (parked* const node = waiting.pop_front()) resume_one(*node);
}

namespace {

// What an operator has to look at.
std::string_view check_about(const failure& why) noexcept {
    if (why.wechat_errcode != 0) {
        const std::string_view known = meaning_of(why.wechat_errcode, wechat_call::access_token).check;
        return known.empty() ? "nothing yet: WeChat is asked again in some seconds" : known;
    }
    return check_against(why);
}

} // namespace

void token_centre::tell_about(const std::string& appid, const failure& why) {
    const std::string errcode = why.wechat_errcode == 0 ? "" : std::to_string(why.wechat_errcode);
    log_warning(
        "WeChat gives no access token",
        {{"appid", appid}, {"errcode", errcode, true}, {"why", why.detail}, {"check", check_about(why)}});
}

task<result<access_token>> token_centre::wait_for(flight_ptr which, executor here) {
    auto hand_over = [this, &which](parked& node) {
        {
            const std::lock_guard guard{lock_};
            if (!which->outcome) return which->waiting.push_back(node);
        }
        resume_one(node);
    };
    co_await park(here, hand_over);
    const std::lock_guard guard{lock_};
    co_return *which->outcome;
}

task<result<access_token>> token_centre::current(const app_credentials& app, executor here) {
    flight_ptr flying;
    {
        const std::lock_guard guard{lock_};
        const entry_ptr of = entry_of(app);
        const auto now = now_();
        if (auto served = of->schedule.serve(now)) co_return std::move(*served);
        if (is_closed_) co_return closed();
        if (!of->flying)
            if (auto why = of->schedule.standing_failure(now)) co_return std::move(*why);
        flying = begin(of, nullptr);
    }
    co_return co_await wait_for(std::move(flying), std::move(here));
}

task<result<access_token>> token_centre::checked(const app_credentials& app, secret rejected, executor here) {
    // A flight that was under way may bring the rejected token again without having checked it: a second one
    // does not.
    for (int round = 0;; ++round) {
        flight_ptr flying;
        {
            const std::lock_guard guard{lock_};
            const entry_ptr of = entry_of(app);
            const auto now = now_();
            const auto advice = of->schedule.about_rejected(rejected, now);
            if (advice == token_schedule::advice::serve) co_return *of->schedule.current();
            if (is_closed_) co_return closed();
            if (!of->flying)
                if (auto why = of->schedule.standing_failure(now)) co_return std::move(*why);
            flying = begin(of, &rejected);
        }
        auto found = co_await wait_for(std::move(flying), here);
        if (!found || !found->is(rejected) || round == 1) co_return found;
    }
}

void token_centre::tend() {
    const std::lock_guard guard{lock_};
    if (is_closed_) return;
    const auto now = now_();
    for (const auto& [appid, each] : entries_)
        if (!each->flying && each->schedule.is_due(now)) begin(each, nullptr);
}

void token_centre::keep_only(const std::function<bool(std::string_view appid)>& is_served) {
    const std::lock_guard guard{lock_};
    std::erase_if(entries_, [&](const auto& each) { return !each.second->flying && !is_served(each.first); });
}

void token_centre::close() noexcept {
    const std::lock_guard guard{lock_};
    is_closed_ = true;
}

bool token_centre::is_idle() const {
    const std::lock_guard guard{lock_};
    return flying_ == 0;
}

std::vector<token_centre::account> token_centre::accounts() const {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const std::lock_guard guard{lock_};
    const auto now = now_();
    std::vector<account> all;
    for (const auto& [appid, each] : entries_) {
        account shown;
        shown.appid = appid;
        if (const auto& token = each->schedule.current(); token && now < token->expires) {
            shown.has_token = true;
            shown.age = duration_cast<seconds>(now - each->schedule.adopted());
            shown.left = duration_cast<seconds>(token->expires - now);
        }
        shown.fetched = each->fetched_count;
        shown.failed = each->failed_count;
        shown.forced = each->forced_count;
        all.push_back(std::move(shown));
    }
    return all;
}

} // namespace wxlogind::wechat
