#include "core/commands/keys.hpp"

#include "core/commands/sealing_key_needs.hpp"
#include "core/session/key_changes.hpp"
#include "core/session/keyring_file.hpp"
#include "core/session/keyring_text.hpp"
#include "core/session/token.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace wxlogind {

namespace {

namespace json = boost::json;
using session::key_set;
using session::render_utc;

std::chrono::seconds longest_token_life(const token_settings& tokens) {
    return std::max(tokens.access_ttl + session::token_rules{}.max_skew, tokens.refresh_ttl);
}

json::array signing_keys_of(const key_set& keys, std::chrono::seconds longest_life) {
    json::array all;
    for (const session::signing_key& key : keys.signing) {
        json::object& shown = all.emplace_back(json::object{}).as_object();
        shown["kid"] = key.kid;
        shown["state"] = to_string(key.state);
        shown["created"] = render_utc(key.created);
        if (key.state != session::key_state::passive) continue;
        if (key.passive_since) shown["passive_since"] = render_utc(*key.passive_since);
        if (const auto last = last_token_of(key, longest_life)) shown["retire_after"] = render_utc(*last);
    }
    return all;
}

json::array sealing_keys_of(const key_set& keys) {
    json::array all;
    for (const sealing_key& key : keys.sealing)
        all.push_back({{"key", session::name_of_sealing_key(key.id)}, {"seals", all.empty()}});
    return all;
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text + "  ";
}

std::string table_of(const key_set& keys, std::chrono::seconds longest_life) {
    std::string text;
    for (const session::signing_key& key : keys.signing) {
        text += padded(key.kid, 32) + padded(std::string{to_string(key.state)}, 7) + "created " +
                render_utc(key.created);
        const auto last = last_token_of(key, longest_life);
        if (key.state == session::key_state::passive)
            text += last ? ", may be retired after " + render_utc(*last) : ", has not signed yet";
        text += '\n';
    }
    for (const sealing_key& key : keys.sealing)
        text += padded(session::name_of_sealing_key(key.id), 32) +
                (&key == &keys.sealing.front() ? "seals and opens\n" : "opens\n");
    return text;
}

struct outcome {
    std::string key;
    std::string text;
};

constexpr std::string_view after_add =
    " was added and does not sign yet. Next: SIGHUP to every wxlogind with this file, then `wxlogind keys "
    "promote` it.\n";
constexpr std::string_view after_promote =
    " counts from the next SIGHUP on. The one before goes on verifying: retire it when its last token has "
    "expired (`wxlogind keys list` says when).\n";
constexpr std::string_view after_retire = " is retired. Next: SIGHUP to every wxlogind with this file.\n";
constexpr std::string_view after_add_sealing =
    " was added and seals nothing yet. Keep a copy of the file, then `wxlogind keys promote` it.\n";
constexpr std::string_view after_promote_sealing =
    " counts from the next SIGHUP on. The one before goes on opening; `wxlogind keys retire` it, and what it "
    "has sealed is sealed again first.\n";
constexpr std::string_view after_retire_sealing =
    " is gone, nothing was sealed by it any more. Next: SIGHUP to every wxlogind with this file; one with a "
    "database of its own wants `wxlogind keys reseal` before. Backups from before need the old file.\n";

// Refuses what the file alone tells before a server has work with it.
void prepare_to_retire_sealing_key(const keys_command& order, const config& settings) {
    key_set keys = session::load_key_set(settings.tokens.keys_file);
    retire_key(keys, order.key, {});
    const std::string newest = session::name_of_sealing_key(keys.sealing.front().id);
    see_that_nothing_needs(order.key, newest, order.at_once, settings, order.service_key_file);
}

outcome change(const keys_command& order, const token_settings& tokens, unix_seconds now) {
    const bool is_of_sealing = session::names_sealing_key(order.key);
    outcome done{.key = order.key, .text = {}};
    session::change_keys(tokens.keys_file, [&](key_set& keys) {
        switch (order.what) {
        case keys_command::action::list: break;
        case keys_command::action::add:
            done.key = order.is_sealing ? add_sealing_key(keys) : add_signing_key(keys, now);
            done.text = order.is_sealing ? after_add_sealing : after_add;
            break;
        case keys_command::action::promote:
            promote_key(keys, order.key, now);
            done.text = is_of_sealing ? after_promote_sealing : after_promote;
            break;
        case keys_command::action::retire:
            retire_key(
                keys, order.key,
                {.now = now, .longest_token_life = longest_token_life(tokens), .at_once = order.at_once});
            done.text = is_of_sealing ? after_retire_sealing : after_retire;
            break;
        }
    });
    return done;
}

std::string line_of(const json::object& report) {
    return json::serialize(report) + "\n";
}

config_report carry_out(const keys_command& order, unix_seconds now) {
    const config settings = load_config(order.config_file);
    const token_settings& tokens = settings.tokens;
    if (order.what == keys_command::action::list) {
        const key_set keys = session::load_key_set(tokens.keys_file);
        const auto life = longest_token_life(tokens);
        if (!order.as_json) return {.text = table_of(keys, life), .is_good = true};
        const json::object report{
            {"ok", true},
            {"keys_file", tokens.keys_file},
            {"signing_keys", signing_keys_of(keys, life)},
            {"sealing_keys", sealing_keys_of(keys)}};
        return {.text = line_of(report), .is_good = true};
    }
    if (order.what == keys_command::action::retire && session::names_sealing_key(order.key))
        prepare_to_retire_sealing_key(order, settings);
    const outcome done = change(order, tokens, now);
    if (!order.as_json) return {.text = done.key + done.text, .is_good = true};
    return {.text = line_of({{"ok", true}, {"key", done.key}}), .is_good = true};
}

} // namespace

config_report change_or_list_keys(const keys_command& order, unix_seconds now) {
    try {
        return carry_out(order, now);
    } catch (const std::runtime_error& why) {
        if (!order.as_json) return {.text = "wxlogind: " + std::string{why.what()} + "\n"};
        return {.text = line_of({{"ok", false}, {"error", why.what()}})};
    }
}

} // namespace wxlogind
