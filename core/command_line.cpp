#include "core/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <sstream>
#include <vector>

namespace wxlogind {

namespace {

// `serve` may be left out: it is meant when the first argument is none of the words and no question.
std::vector<std::string> with_default_command(std::span<const char* const> arguments) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    const std::string first = words.empty() ? "" : words.front();
    const bool is_question = first == "-h" || first == "--help" || first == "--version";
    if (first.empty() || (first.starts_with('-') && !is_question)) words.insert(words.begin(), "serve");
    return words;
}

} // namespace

command parse_command_line(std::span<const char* const> arguments) {
    serve_command serve;
    check_config_command check;

    CLI::App app{"Login server for WeChat mini programs", "wxlogind"};
    app.set_version_flag("--version", "wxlogind " + std::string{version}, "Print the version and exit");
    app.require_subcommand(1);
    app.footer("`wxlogind --config FILE` serves. Exit status: 0 done, 1 failed, 2 wrong usage.");

    auto* const serving = app.add_subcommand("serve", "Serve until SIGTERM");
    serving->add_option("--config", serve.config_file, "The configuration (TOML)")
        ->required()
        ->type_name("FILE");

    auto* const checking =
        app.add_subcommand("check-config", "Read the configuration, say whether it is good");
    checking->add_option("--config", check.config_file, "The configuration (TOML)")
        ->required()
        ->type_name("FILE");
    checking->add_flag("--json", check.as_json, "Print one JSON object");

    std::vector<std::string> words = with_default_command(arguments);
    std::reverse(words.begin(), words.end()); // as CLI11 wants them
    try {
        app.parse(std::move(words));
    } catch (const CLI::ParseError& why) {
        std::ostringstream out;
        std::ostringstream errors;
        const int status = app.exit(why, out, errors);
        if (status == 0) return print_command{.text = out.str(), .exit_status = 0};
        return print_command{.text = "wxlogind: " + errors.str(), .exit_status = 2};
    }
    if (checking->parsed()) return check;
    return serve;
}

} // namespace wxlogind
