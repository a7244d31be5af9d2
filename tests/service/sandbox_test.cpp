// That the sandbox, under which the login suites run, really is one.
#include "tests/support/child_process.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace wxlogind::test;

namespace {

// What Python says of one line of it, run in the sandbox.
std::string try_in_sandbox(const std::string& python) {
    const temporary_directory files;
    child_process tried{
        {program_path("sandboxed"), "/usr/bin/python3", "-c", python, "--config", files.file("none")},
        files.file("output")};
    (void)tried.wait();
    return tried.output();
}

} // namespace

BOOST_AUTO_TEST_SUITE(sandbox)

BOOST_AUTO_TEST_CASE(what_the_unit_forbids_is_refused_and_the_rest_goes) {
    BOOST_TEST(try_in_sandbox("print('runs')") == "runs\n");
    const std::string refused = "PermissionError";
    for (const std::string& forbidden :
         {std::string{"import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)"},
          std::string{"import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"},
          std::string{"import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"},
          std::string{"import os; os.setuid(1)"}, std::string{"import os; os.chroot('/')"},
          std::string{"import os; os.setpriority(os.PRIO_PROCESS, 0, 5)"}})
        BOOST_TEST_CONTEXT(forbidden) {
            const std::string outcome = try_in_sandbox(forbidden);
            BOOST_TEST(outcome.find(refused) != std::string::npos, outcome);
        }
}

// Needs to be root, or a kernel that lets others mount.
BOOST_AUTO_TEST_CASE(only_the_state_directory_can_be_written) {
    const temporary_directory elsewhere;
    const std::string outcome =
        try_in_sandbox("open('" + elsewhere.file("new") + "', 'w'); print('written')");
    const bool cannot_mount = outcome.find("without a read-only file system") != std::string::npos;
    BOOST_TEST((cannot_mount || outcome.find("Read-only file system") != std::string::npos), outcome);
}

BOOST_AUTO_TEST_CASE(wxlogind_in_it_has_no_capability_and_cannot_get_any) {
    deployment_options options;
    options.program = {program_path("sandboxed"), program_path("wxlogind")};
    deployment running{options};
    BOOST_TEST(running.log_in(running.mint_code("ada")).status == 200u);
    std::ostringstream text;
    text << std::ifstream{"/proc/" + std::to_string(running.wxlogind().pid()) + "/status"}.rdbuf();
    const std::string status = text.str();
    for (const std::string_view line :
         {"CapEff:\t0000000000000000\n", "CapPrm:\t0000000000000000\n", "NoNewPrivs:\t1\n", "Seccomp:\t2\n"})
        BOOST_TEST_CONTEXT(status) {
            BOOST_TEST(status.find(line) != std::string::npos, line);
        }
    BOOST_TEST(running.stop_wxlogind() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
