// What the arguments of the program ask for.
#pragma once

#include "core/commands/backup_command.hpp"
#include "core/commands/keys.hpp"
#include "core/commands/migrate.hpp"
#include "core/commands/operator_command.hpp"
#include "core/version.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wxlogind {

// wxlogind [serve] --config FILE
struct serve_command {
    std::string config_file;
};

// wxlogind check-config --config FILE [--json]
struct check_config_command {
    std::string config_file;
    bool as_json{false};
};

// Help, the version, or what is wrong with the arguments: print it and leave.
struct print_command {
    std::string text;
    // 0: `text` was asked for and goes to standard output. 2: wrong usage, to standard error.
    int exit_status{0};
};

// wxlogind service-key new NAME [--scope SCOPE]... [--json]
struct service_key_command {
    std::string name;
    std::vector<std::string> scopes;
    bool as_json{false};
};

// wxlogind routes [--json]
struct routes_command {
    bool as_json{false};
};

using command = std::variant<
    serve_command, check_config_command, keys_command, backup_command, migrate_command, service_key_command,
    routes_command, operator_command, print_command>;

// `arguments` without the name of the program. Throws nothing but std::bad_alloc.
[[nodiscard]] command parse_command_line(std::span<const char* const> arguments);

} // namespace wxlogind
