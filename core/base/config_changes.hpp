// What is different in a configuration that was read again.
#pragma once

#include "core/base/config.hpp"
#include "core/base/config_keys.hpp"

#include <string>
#include <vector>

namespace wxlogind {

struct config_change {
    std::string key; // "limits.logins_per_app", "apps.wx0123.expose_openid", or "apps.wx0123" for all of it
    taken_in when{taken_in::at_reload};
    // As text, for people; both empty where a secret has changed.
    std::string was{};
    std::string is{};

    bool operator==(const config_change&) const = default;
};

// Every key whose value in `next` is not the one in `before`, in the order of the file. Keys that need a
// restart get their old value back: what is in `next` afterwards is what counts from now on. Apps are the
// same when their appid is, service keys when their name is; one that has come or gone is a change "added" or
// "removed".
[[nodiscard]] std::vector<config_change> take_changes(const config& before, config& next);

// The names of all keys, "server.listen", that need a restart.
[[nodiscard]] std::vector<std::string> keys_taken_in_at_restart();

} // namespace wxlogind
