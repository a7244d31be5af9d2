// `wxlogind service-key new`: a key for a back end or an operator.
#pragma once

#include "core/commands/check_config.hpp"
#include "core/commands/command_line.hpp"

namespace wxlogind {

// Makes a key and prints it: nothing else ever shows it. With it its [[service_keys]] section, which holds
// the hash alone.
[[nodiscard]] config_report make_service_key(const service_key_command& order);

} // namespace wxlogind
