#include "bench/instructions/callgrind_run.hpp"

#include "bench/instructions/callgrind_profile.hpp"
#include "bench/instructions/fixed_load.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace wxlogind::bench {

namespace {

namespace fs = std::filesystem;

// Where callgrind writes a profile and begins a new one: the mark of the load comes here.
constexpr std::string_view mark_function = "wxlogind::handlers::show_liveness(*services&)";

// The C library and OpenSSL choose code by what the processor can do. Valgrind shows the program a processor
// of its own making, which is the same on all machines once AVX is left out. ERMS too: an instruction that
// fills memory would count once for every byte.
constexpr std::string_view plain_libc =
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-ERMS";
constexpr std::string_view plain_openssl = "OPENSSL_ia32cap=~0x1000000000000000:0";

std::vector<std::string> counted_program(const std::string& profile) {
    std::vector<std::string> command{"env", std::string{plain_libc}, std::string{plain_openssl}};
    command.insert(command.end(), {"valgrind", "--tool=callgrind", "--vgdb=no"});
    command.push_back("--compress-strings=no"); // each profile can be read alone
    command.push_back("--callgrind-out-file=" + profile);
    command.push_back("--dump-before=" + std::string{mark_function});
    // Valgrind 3.19 cannot read clang 19's debug information.
    command.push_back(test::program_path("wxlogind-stripped"));
    return command;
}

// The profile of one phase, put where people find it.
std::string keep_profile(const fs::path& written, const fs::path& named) {
    if (!fs::exists(written))
        throw std::runtime_error{
            "callgrind wrote no profile at the mark: is GET /healthz still answered by " +
            std::string{mark_function} + "?"};
    std::ostringstream text;
    text << std::ifstream{written}.rdbuf();
    std::string profile = without_open_calls(text.str());
    std::ofstream{named} << profile;
    fs::remove(written);
    return profile;
}

} // namespace

std::vector<request_cost> count_instructions(const std::string& directory) {
    fs::remove_all(directory);
    fs::create_directories(directory);
    const std::string profile = directory + "/profile";

    test::deployment_options options;
    fixed_load::prepare(options);
    options.program = counted_program(profile);
    // Some fifty times slower, and other tests run beside it: no deadline is meant to strike.
    options.patience = std::chrono::minutes{4};
    options.wechat += "timeout_ms = 60000\nconnect_timeout_ms = 60000\ntls_timeout_ms = 60000\n"
                      "first_byte_timeout_ms = 60000\n";
    test::deployment server{std::move(options)};
    {
        fixed_load load{server};
        for (const load_phase& phase : load_phases()) {
            send(load, phase);
            load.mark();
        }
    }
    if (const int status = server.stop_wxlogind(); status != 0)
        throw std::runtime_error{"wxlogind under callgrind ended with status " + std::to_string(status)};

    std::vector<request_cost> costs;
    int number = 0;
    for (const load_phase& phase : load_phases()) {
        std::string name{phase.name};
        const std::string wanted = std::string{directory}.append("/").append(name).append(".callgrind");
        const std::string kept = keep_profile(profile + "." + std::to_string(++number), wanted);
        if (number == 1) continue; // warm-up
        const auto allocations = static_cast<double>(allocations_in(kept));
        costs.push_back(
            {std::move(name), instructions_in(kept) / phase.count,
             allocations / static_cast<double>(phase.count)});
    }
    return costs;
}

} // namespace wxlogind::bench
