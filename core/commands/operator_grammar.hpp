// The words of `wxlogind users`, `sessions` and `audit`.
#pragma once

#include "core/commands/operator_command.hpp"

#include <CLI/App.hpp>

#include <string>

namespace wxlogind {

// `into` outlives `to`. One of them was given when into.what.target is not empty.
void add_operator_commands(CLI::App& to, operator_command& into);
// `keys reseal`, beside those that change the key file.
void add_reseal_command(CLI::App& keys, operator_command& into);

// --service-key-file, as server_access.hpp says.
void add_service_key_option(CLI::App& to, std::string& file);

} // namespace wxlogind
