// `wxlogind keys`: what the key file holds, and the steps of a rotation.
#pragma once

#include "core/base/clock.hpp"
#include "core/commands/check_config.hpp"

#include <string>

namespace wxlogind {

// wxlogind keys list|add|promote|retire ... --config FILE [--json]
struct keys_command {
    enum class action : unsigned char {
        list,
        add,
        promote,
        retire,
    };
    action what{action::list};
    std::string config_file;
    std::string key;              // for promote and retire: a kid, or "sealing:N"
    bool is_sealing{false};       // for add
    bool at_once{false};          // for retire
    std::string service_key_file; // for retire, of a sealing key: see server_access.hpp
    bool as_json{false};
};

// Does it to the keys_file that the configuration names, and says what was done and what comes next; as JSON
// {"ok":true,...} or {"ok":false,"error":"..."}. Before a sealing key goes, a server seals again what it has
// sealed. A running wxlogind knows of it after a SIGHUP. Never shows
// bytes of a key.
[[nodiscard]] config_report change_or_list_keys(const keys_command& order, unix_seconds now);

} // namespace wxlogind
