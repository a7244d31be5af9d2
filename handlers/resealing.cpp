#include "handlers/resealing.hpp"

#include "core/base/log.hpp"
#include "core/wechat/phone_number.hpp"
#include "handlers/sealed_places.hpp"

#include <boost/asio/co_spawn.hpp>

namespace wxlogind::handlers {

namespace {

constexpr std::chrono::seconds between_words{10};

} // namespace

bool resealing::start(const executor& home, std::string by) {
    if (is_running_.exchange(true)) return false;
    is_complete_ = false;
    resealed_ = 0;
    unreadable_ = 0;
    asio::co_spawn(home, run(std::move(by)), [this](const std::exception_ptr& failure) {
        if (failure) log_error("sealing again: given up, out of memory or a fault of ours; start it again");
        is_running_ = false;
    });
    return true;
}

resealing::progress resealing::now() const noexcept {
    return {is_running_, is_complete_, resealed_, unreadable_};
}

task<> resealing::run(std::string by) {
    say("sealing again: begun");
    next_word_ = steady_clock::now() + between_words;
    bool is_whole = co_await reseal_session_keys();
    if (is_whole) is_whole = co_await reseal_phones();
    say(is_whole ? "sealing again: done"
                 : "sealing again: given up, the database does not take part; start it again");
    if (!is_whole) co_return;

    storage::audit_entry entry;
    entry.event = storage::audit_event::resealed;
    entry.actor = std::move(by);
    entry.count = static_cast<std::int64_t>(resealed_.load());
    (void)co_await log_.append(std::move(entry), clock_.now());
    is_complete_ = true;
}

void resealing::speak_now_and_then() {
    if (steady_clock::now() < next_word_) return;
    next_word_ = steady_clock::now() + between_words;
    say("sealing again: under way");
}

task<bool> resealing::reseal_session_keys() {
    std::int64_t behind = 0;
    for (;;) {
        // Held for a page: the keys may be exchanged meanwhile.
        const auto keys = keys_.held();
        const auto page = co_await values_.find_others_than(keys->sealer().newest_prefix(), behind);
        if (!page) co_return false;
        behind = page->seen_through;
        auto resealed = reseal(page->values, keys->sealer());
        if (!resealed.empty()) {
            const auto replaced = co_await values_.replace(std::move(resealed));
            if (!replaced) co_return false;
            resealed_ += *replaced;
        }
        if (page->is_at_end) co_return true;
        speak_now_and_then();
    }
}

task<bool> resealing::reseal_phones() {
    user_id behind;
    for (;;) {
        const auto keys = keys_.held();
        const auto page = co_await values_.find_phones_other_than(keys->sealer().newest_prefix(), behind);
        if (!page) co_return false;
        behind = page->seen_through;
        auto resealed = reseal(page->phones, keys->sealer());
        if (!resealed.empty()) {
            const auto replaced = co_await values_.replace_phones(std::move(resealed));
            if (!replaced) co_return false;
            resealed_ += *replaced;
        }
        if (page->is_at_end) co_return true;
        speak_now_and_then();
    }
}

std::vector<storage::resealed_phone>
resealing::reseal(const std::vector<storage::sealed_phone>& phones, const sealer& with) {
    std::vector<storage::resealed_phone> all;
    all.reserve(phones.size());
    for (const storage::sealed_phone& each : phones) {
        const std::string place = place_of_phone(each.sealed_for);
        const auto opened = with.open(each.envelope, place);
        const auto phone = opened ? wechat::from_stored(opened->reveal()) : std::nullopt;
        if (!phone) {
            ++unreadable_;
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
        const std::string place = place_of_session_key(each.appid, each.openid);
        const auto opened = with.open(each.envelope, place);
        if (!opened) {
            ++unreadable_;
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
    log_info(
        what, {{"resealed", std::to_string(resealed_.load()), true},
               {"unreadable", std::to_string(unreadable_.load()), true}});
}

} // namespace wxlogind::handlers
