#include "handlers/resealing.hpp"

#include "core/base/log.hpp"
#include "core/wechat/phone_number.hpp"
#include "handlers/sealed_places.hpp"

#include <boost/asio/co_spawn.hpp>

namespace wxlogind::handlers {

namespace {

constexpr std::chrono::seconds between_words{10};

// What is sealed: how it is found page by page, where each value belongs, how it is put back.
struct session_keys {
    using cursor = std::int64_t;
    static auto find(storage::sealed_store& in, std::string prefix, cursor behind) {
        return in.find_others_than(std::move(prefix), behind);
    }
    static const auto& values_in(const storage::sealed_page& page) { return page.values; }
    static std::string place_of(const storage::sealed_value& value) {
        return place_of_session_key(value.appid, value.openid);
    }
    static auto replace(storage::sealed_store& in, std::vector<storage::resealed_value> values) {
        return in.replace(std::move(values));
    }
};

struct phones {
    using cursor = user_id;
    static auto find(storage::sealed_store& in, std::string prefix, cursor behind) {
        return in.find_phones_other_than(std::move(prefix), behind);
    }
    static const auto& values_in(const storage::sealed_phone_page& page) { return page.phones; }
    static std::string place_of(const storage::sealed_phone& phone) {
        return place_of_phone(phone.sealed_for);
    }
    static auto replace(storage::sealed_store& in, std::vector<storage::resealed_phone> values) {
        return in.replace_phones(std::move(values));
    }
};

} // namespace

bool resealing::start(const executor& home, std::string by) {
    std::uint64_t exchanges = 0;
    {
        const std::lock_guard lock{mutex_};
        if (state_.is_running) return false;
        state_ = progress{.is_running = true, .newest_key = keys_.held()->sealer().newest_key()};
        exchanges = exchanges_;
    }
    asio::co_spawn(home, run(std::move(by), exchanges), [this](const std::exception_ptr& failure) {
        if (failure) log_error("sealing again: given up, out of memory or a fault of ours; start it again");
        const std::lock_guard lock{mutex_};
        state_.is_running = false;
    });
    return true;
}

resealing::progress resealing::now() const {
    const std::lock_guard lock{mutex_};
    return state_;
}

std::vector<std::uint32_t> resealing::unneeded_keys() const {
    const auto keys = keys_.held();
    const std::lock_guard lock{mutex_};
    std::vector<std::uint32_t> unneeded;
    if (!knows_opening_) return unneeded;
    for (const std::uint32_t each : keys->sealer().key_ids())
        if (each != keys->sealer().newest_key() && !opening_.contains(each)) unneeded.push_back(each);
    return unneeded;
}

void resealing::keys_were_exchanged() {
    const std::uint32_t newest = keys_.held()->sealer().newest_key();
    const std::lock_guard lock{mutex_};
    if (newest == state_.newest_key) return;
    ++exchanges_;
    knows_opening_ = false;
}

task<> resealing::run(std::string by, std::uint64_t exchanges) {
    say("sealing again: begun");
    next_word_ = steady_clock::now() + between_words;
    census left;
    // Behind whatever is queued, sealed by the key before.
    bool is_whole = (co_await values_.replace({})).has_value();
    if (is_whole) is_whole = co_await reseal_all<session_keys>();
    if (is_whole) is_whole = co_await reseal_all<phones>();
    if (is_whole) is_whole = co_await count_all<session_keys>(left);
    if (is_whole) is_whole = co_await count_all<phones>(left);
    if (!is_whole) {
        say("sealing again: given up, the database does not take part; start it again");
        co_return;
    }
    if (!conclude(std::move(left), exchanges)) {
        say("sealing again: given up, another key seals by now; start it again");
        co_return;
    }
    say("sealing again: done");

    storage::audit_entry entry;
    entry.event = storage::audit_event::resealed;
    entry.actor = std::move(by);
    entry.count = static_cast<std::int64_t>(now().resealed);
    (void)co_await log_.append(std::move(entry), clock_.now());
    const std::lock_guard lock{mutex_};
    state_.is_complete = true;
}

bool resealing::conclude(census found, std::uint64_t exchanges) {
    const std::lock_guard lock{mutex_};
    if (exchanges != exchanges_) return false;
    state_.left = std::move(found.all);
    opening_ = std::move(found.opening);
    knows_opening_ = true;
    return true;
}

void resealing::add(std::uint64_t resealed, std::uint64_t unreadable) {
    const std::lock_guard lock{mutex_};
    state_.resealed += resealed;
    state_.unreadable += unreadable;
}

void resealing::speak_now_and_then() {
    if (steady_clock::now() < next_word_) return;
    next_word_ = steady_clock::now() + between_words;
    say("sealing again: under way");
}

template <class Kind>
task<bool> resealing::reseal_all() {
    typename Kind::cursor behind{};
    for (;;) {
        // Held for a page: the keys may be exchanged meanwhile.
        const auto keys = keys_.held();
        const auto page = co_await Kind::find(values_, keys->sealer().newest_prefix(), behind);
        if (!page) co_return false;
        behind = page->seen_through;
        auto resealed = reseal(Kind::values_in(*page), keys->sealer());
        if (!resealed.empty()) {
            const auto replaced = co_await Kind::replace(values_, std::move(resealed));
            if (!replaced) co_return false;
            add(*replaced, 0);
        }
        if (page->is_at_end) co_return true;
        speak_now_and_then();
    }
}

template <class Kind>
task<bool> resealing::count_all(census& into) {
    typename Kind::cursor behind{};
    for (;;) {
        const auto keys = keys_.held();
        const auto page = co_await Kind::find(values_, keys->sealer().newest_prefix(), behind);
        if (!page) co_return false;
        behind = page->seen_through;
        for (const auto& each : Kind::values_in(*page))
            into.count(each.envelope, Kind::place_of(each), keys->sealer());
        if (page->is_at_end) co_return true;
    }
}

void resealing::census::count(std::string_view envelope, const std::string& place, const sealer& with) {
    const auto key = key_of_envelope(envelope);
    if (!key) return; // nobody's
    ++all[*key];
    if (with.open(envelope, place)) opening.insert(*key);
}

std::vector<storage::resealed_phone>
resealing::reseal(const std::vector<storage::sealed_phone>& phones, const sealer& with) {
    std::vector<storage::resealed_phone> all;
    all.reserve(phones.size());
    for (const storage::sealed_phone& each : phones) {
        const std::string place = phones::place_of(each);
        const auto opened = with.open(each.envelope, place);
        const auto phone = opened ? wechat::from_stored(opened->reveal()) : std::nullopt;
        if (!phone) {
            add(0, 1);
            continue;
        }
        storage::resealed_phone sealed;
        sealed.user = each.user;
        sealed.before = each.envelope;
        sealed.after = with.seal(opened->reveal(), place);
        sealed.index = with.blind_indexes(index_of_phone(wechat::to_international(*phone))).front();
        all.push_back(std::move(sealed));
    }
    return all;
}

std::vector<storage::resealed_value>
resealing::reseal(const std::vector<storage::sealed_value>& values, const sealer& with) {
    std::vector<storage::resealed_value> all;
    all.reserve(values.size());
    for (const storage::sealed_value& each : values) {
        if (each.appid.empty()) {
            all.push_back({.sid = each.sid, .before = each.envelope, .after = {}, .fingerprint = 0});
            continue;
        }
        const std::string place = session_keys::place_of(each);
        const auto opened = with.open(each.envelope, place);
        if (!opened) {
            add(0, 1);
            continue;
        }
        storage::resealed_value value;
        value.sid = each.sid;
        value.before = each.envelope;
        value.after = with.seal(opened->reveal(), place);
        value.fingerprint = with.fingerprint(opened->reveal());
        all.push_back(std::move(value));
    }
    return all;
}

void resealing::say(const char* what) const {
    const progress so_far = now();
    log_info(
        what, {{"resealed", std::to_string(so_far.resealed), true},
               {"unreadable", std::to_string(so_far.unreadable), true}});
}

} // namespace wxlogind::handlers
