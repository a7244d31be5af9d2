// A command of wxlogind beside a running deployment, with its configuration.
#pragma once

#include "tests/support/deployment.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

struct command_outcome {
    int status{0};
    std::string output;
    [[nodiscard]] boost::json::object json() const { return boost::json::parse(output).as_object(); }
    [[nodiscard]] bool says(std::string_view text) const { return output.find(text) != std::string::npos; }
};

[[nodiscard]] inline command_outcome run_command(const deployment& on, std::vector<std::string> words) {
    words.insert(words.begin(), program_path("wxlogind"));
    words.insert(words.end(), {"--config", on.file("wxlogind.toml")});
    child_process program{std::move(words), on.file("command.out")};
    command_outcome got;
    got.status = program.wait();
    got.output = program.output();
    return got;
}

// One that wants no configuration.
[[nodiscard]] inline command_outcome run_command_without_configuration(std::vector<std::string> words) {
    const temporary_directory files;
    words.insert(words.begin(), program_path("wxlogind"));
    child_process program{std::move(words), files.file("command.out")};
    command_outcome got;
    got.status = program.wait();
    got.output = program.output();
    return got;
}

// Its operators reach it through a Unix socket.
struct operated_deployment : deployment {
    operated_deployment() : deployment{options()} {}
    static deployment_options options() {
        deployment_options options;
        options.internal_socket = "internal.sock";
        return options;
    }
    [[nodiscard]] command_outcome command(std::vector<std::string> words) const {
        return run_command(*this, std::move(words));
    }
    [[nodiscard]] std::string signed_in(std::string_view user, std::string_view more = {}) const {
        return text_of(json_of(log_in(mint_code(user), more)), "id");
    }

    // Below the headings.
    static std::ptrdiff_t rows_of(const command_outcome& list) {
        return std::ranges::count(list.output, '\n') - 1;
    }
};

} // namespace wxlogind::test
