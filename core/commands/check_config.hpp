// `wxlogind check-config`: whether a configuration would be taken, and what it then says.
#pragma once

#include "core/base/config.hpp"

#include <string>

namespace wxlogind {

struct config_report {
    std::string text; // a line, or one JSON object, with the line end
    bool is_good{false};
};

// Reads `file` as the server would, secrets and certificate included, and never shows one. As text: "ok: ..."
// with the file's apps and addresses, or load_config's message. As JSON:
// {"ok":true,"settings":{...},"restart_keys":[...]} with every key, and the names of those that a SIGHUP does
// not take in, or {"ok":false,"error":"..."}.
[[nodiscard]] config_report check_config(const std::string& file, bool as_json);

} // namespace wxlogind
