#include "bench/wechat-sim/world/token_book.hpp"

#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/load_code.hpp"

#include <algorithm>

namespace wxlogind::wechat_sim {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_tokens_of_kind = 100;
constexpr std::size_t classic_token_size = 160;
constexpr std::size_t stable_token_size = 512; // what one has to reserve
constexpr std::size_t least_token_size = 100;
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool has_token_shape(std::string_view text) noexcept {
    return text.size() >= least_token_size && text.size() <= stable_token_size &&
           std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

} // namespace

token_book::token_book(const world_settings& settings)
    : settings_{settings}, numbers_{mix(settings.code_seed ^ 0x746f6b656e)} {}

token_book::app_map::value_type& token_book::app_of(std::string_view appid) {
    const auto found = apps_.find(appid);
    return found != apps_.end() ? *found : *apps_.try_emplace(std::string{appid}).first;
}

std::deque<std::string>& token_book::tokens_of(app_tokens& of, token_kind kind) noexcept {
    return kind == token_kind::classic ? of.classic : of.stable;
}

token_book::record_map::iterator token_book::latest_of(app_tokens& of, token_kind kind) {
    const auto& kept = tokens_of(of, kind);
    return kept.empty() ? records_.end() : records_.find(kept.back());
}

std::string token_book::make(app_map::value_type& of, token_kind kind, unix_millis now) {
    auto& [appid, tokens] = of;
    std::string text;
    text += static_cast<char>('1' + numbers_.below(9));
    text += static_cast<char>('0' + numbers_.below(10));
    text += '_';
    const std::size_t size = kind == token_kind::classic ? classic_token_size : stable_token_size;
    while (text.size() < size) text += url_safe[numbers_.below(url_safe.size())];
    auto& kept = tokens_of(tokens, kind);
    if (kept.size() >= max_tokens_of_kind) {
        records_.erase(kept.front());
        kept.pop_front();
    }
    kept.push_back(text);
    records_[text] = token_record{appid, kind, now + settings_.token_life};
    return text;
}

std::string token_book::replace_classic(app_map::value_type& of, unix_millis now, milliseconds overlap) {
    const auto before = latest_of(of.second, token_kind::classic);
    if (before != records_.end())
        before->second.replaced_at = std::min(before->second.replaced_at, now + overlap);
    return make(of, token_kind::classic, now);
}

milliseconds token_book::draw_pause(milliseconds about) {
    const double fraction = 0.5 + numbers_.fraction();
    return std::max(
        milliseconds{1},
        milliseconds{static_cast<std::int64_t>(static_cast<double>(about.count()) * fraction)});
}

// The second server needs no timer: what it has done is made up for when somebody looks.
void token_book::let_second_server_act(app_map::value_type& of, unix_millis now) {
    app_tokens& tokens = of.second;
    if (tokens.second_server_every.count() == 0) return;
    // Rotations that are long past leave no trace.
    const auto past = now - (settings_.token_overlap + 2 * tokens.second_server_every);
    tokens.second_server_at = std::max(tokens.second_server_at, past);
    while (tokens.second_server_at <= now) {
        (void)replace_classic(of, tokens.second_server_at, settings_.token_overlap);
        ++tokens.counts.second_server;
        tokens.second_server_at += draw_pause(tokens.second_server_every);
    }
}

issued_token token_book::issue_classic(std::string_view appid, unix_millis now) {
    const std::scoped_lock locked{lock_};
    auto& of = app_of(appid);
    let_second_server_act(of, now);
    if (!of.second.classic_today.count(day_of(now), settings_.classic_tokens_a_day))
        return {errcode::daily_quota};
    ++of.second.counts.classic;
    return {
        errcode::ok, replace_classic(of, now, settings_.token_overlap),
        std::chrono::floor<std::chrono::seconds>(settings_.token_life)};
}

issued_token token_book::issue_stable(std::string_view appid, bool by_force, unix_millis now) {
    const std::scoped_lock locked{lock_};
    auto& of = app_of(appid);
    app_tokens& tokens = of.second;
    if (!tokens.stable_this_minute.count(minute_of(now), settings_.stable_tokens_a_minute))
        return {errcode::minute_quota};
    if (!tokens.stable_today.count(day_of(now), settings_.stable_tokens_a_day)) return {errcode::daily_quota};

    const auto current = latest_of(tokens, token_kind::stable);
    const bool is_alive = current != records_.end() && current->second.replaced_at > now &&
                          current->second.expires_at - now > settings_.token_overlap;
    const bool may_be_forced = tokens.last_forced_at == unix_millis::min() ||
                               now - tokens.last_forced_at >= settings_.forced_refresh_spacing;
    const bool is_forced = by_force && is_alive && may_be_forced;
    if (is_forced) {
        if (!tokens.forced_today.count(day_of(now), settings_.forced_refreshes_a_day))
            return {errcode::daily_quota};
        tokens.last_forced_at = now;
        ++tokens.counts.stable_forced;
        end_all(tokens, token_kind::stable, token_end::revoked, now);
    }
    ++tokens.counts.stable;
    if (is_alive && !is_forced)
        return {
            errcode::ok, current->first,
            std::chrono::floor<std::chrono::seconds>(current->second.expires_at - now)};
    ++tokens.counts.stable_made;
    return {
        errcode::ok, make(of, token_kind::stable, now),
        std::chrono::floor<std::chrono::seconds>(settings_.token_life)};
}

token_check token_book::check(std::string_view token, unix_millis now) {
    if (token.empty()) return {errcode::token_missing};
    const std::scoped_lock locked{lock_};
    const auto found = records_.find(token);
    if (found == records_.end())
        return {has_token_shape(token) ? errcode::invalid_credential : errcode::invalid_token};
    if (found->second.kind == token_kind::classic) {
        const std::string appid = found->second.appid;
        let_second_server_act(app_of(appid), now);
        // It may have been the oldest.
        if (!records_.contains(token)) return {errcode::invalid_credential, appid};
    }
    const token_record& known = records_.find(token)->second;
    if (known.replaced_at <= now) return {errcode::invalid_credential, known.appid};
    if (known.expires_at <= now) return {errcode::token_expired, known.appid};
    return {errcode::ok, known.appid};
}

void token_book::rotate_classic(std::string_view appid, unix_millis now, milliseconds overlap) {
    const std::scoped_lock locked{lock_};
    auto& of = app_of(appid);
    let_second_server_act(of, now);
    (void)replace_classic(of, now, overlap);
    ++of.second.counts.second_server;
}

void token_book::let_second_server_rotate(std::string_view appid, milliseconds every, unix_millis now) {
    const std::scoped_lock locked{lock_};
    app_tokens& tokens = app_of(appid).second;
    tokens.second_server_every = every;
    if (every.count() != 0) tokens.second_server_at = now + draw_pause(every);
}

void token_book::end_record(token_record& which, token_end how, unix_millis now) {
    unix_millis& end = how == token_end::revoked ? which.replaced_at : which.expires_at;
    end = std::min(end, now);
}

void token_book::end(std::string_view appid, token_kind kind, token_end how, unix_millis now) {
    const std::scoped_lock locked{lock_};
    end_all(app_of(appid).second, kind, how, now);
}

void token_book::end_all(app_tokens& of, token_kind kind, token_end how, unix_millis now) {
    for (const std::string& each : tokens_of(of, kind)) end_record(records_[each], how, now);
}

bool token_book::end_one(std::string_view token, token_end how, unix_millis now) {
    const std::scoped_lock locked{lock_};
    const auto found = records_.find(token);
    if (found == records_.end()) return false;
    end_record(found->second, how, now);
    return true;
}

token_counts token_book::counts_of(std::string_view appid) const {
    const std::scoped_lock locked{lock_};
    const auto found = apps_.find(appid);
    return found == apps_.end() ? token_counts{} : found->second.counts;
}

} // namespace wxlogind::wechat_sim
