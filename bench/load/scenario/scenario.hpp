// From the words of the command line to operations: what is prepared before a run, and what is run.
#pragma once

#include "bench/load/options.hpp"
#include "bench/load/scenario/operations.hpp"
#include "bench/load/scenario/request_text.hpp"
#include "bench/load/scenario/sessions.hpp"
#include "bench/load/users/login_codes.hpp"
#include "bench/load/users/user_choice.hpp"
#include "bench/load/wire/endpoint.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace wxlogind::load {

// The names that --scenario and --mix take, with what they mean.
struct scenario_name {
    std::string_view name;
    std::string_view meaning;
};
[[nodiscard]] const std::vector<scenario_name>& scenario_names();

class scenario {
public:
    // `run` differs for every run there ever was: codes and new users are made of it. Throws
    // std::runtime_error when the options contradict each other.
    scenario(const options& wanted, std::uint64_t run);

    // Users and sessions have to be there before the run.
    [[nodiscard]] bool needs_preparation() const noexcept;
    // The logins for that, for each thread; ends by itself.
    [[nodiscard]] std::vector<operations> preparation();
    // For each thread. After the preparation.
    [[nodiscard]] std::vector<operations> main();
    [[nodiscard]] bool ends_by_itself() const noexcept { return options_.scenario == "fill"; }

    // After the preparation, where options ask for it. Throws std::runtime_error.
    void keep_sessions() const;

    // A request that should succeed: a login, or the one GET, or GET /me where sessions are there already.
    [[nodiscard]] std::string first_request();
    [[nodiscard]] std::string_view expected_first() const noexcept; // in its answer
    [[nodiscard]] bool uses(std::string_view operation) const noexcept;
    [[nodiscard]] bool uses_logins() const noexcept;
    [[nodiscard]] std::size_t session_count() const noexcept;

private:
    [[nodiscard]] bool uses_sessions() const noexcept;
    [[nodiscard]] bool logs_in() const noexcept;
    [[nodiscard]] std::uint64_t prepared_users() const noexcept;
    [[nodiscard]] login_codes next_codes() noexcept;
    [[nodiscard]] code_request login_text() const;
    [[nodiscard]] user_range all_users() const noexcept { return {options_.first_user, options_.users}; }
    [[nodiscard]] std::vector<std::string> texts_with_tokens(unsigned thread, std::string_view target) const;
    std::unique_ptr<operation> make(std::string_view name, unsigned thread);

    const options& options_;
    std::uint64_t run_;
    std::uint64_t seed_;
    std::vector<std::pair<std::string, double>> parts_{};
    request_style style_{};
    std::vector<sessions> sessions_; // by thread
    bool has_kept_sessions_{false};  // of an earlier run
    unsigned code_makers_{0};
    std::uint64_t new_users_from_;
};

} // namespace wxlogind::load
