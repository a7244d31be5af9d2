// Sockets that outlive the process: held by this test, as systemd holds those of a .socket unit.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <filesystem>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

class held_socket {
public:
    // Its number is out of the way of 3 and 4, which the process started gets to see.
    explicit held_socket(int family) {
        const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (made < 0) throw std::runtime_error{"no socket"};
        descriptor_ = ::fcntl(made, F_DUPFD, 20);
        ::close(made);
        if (descriptor_ < 0) throw std::runtime_error{"no descriptor from 20 on"};
    }
    ~held_socket() { ::close(descriptor_); }
    held_socket(const held_socket&) = delete;
    held_socket& operator=(const held_socket&) = delete;

    void listen_on(const sockaddr* where, socklen_t size) const {
        if (::bind(descriptor_, where, size) != 0 || ::listen(descriptor_, 4096) != 0)
            throw std::runtime_error{"cannot listen"};
    }
    [[nodiscard]] int number() const noexcept { return descriptor_; }

private:
    int descriptor_{-1};
};

class held_port : public held_socket {
public:
    held_port() : held_socket{AF_INET} {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        listen_on(reinterpret_cast<const sockaddr*>(&where), sizeof where);
        socklen_t size = sizeof where;
        ::getsockname(number(), reinterpret_cast<sockaddr*>(&where), &size);
        address_ = "127.0.0.1:" + std::to_string(ntohs(where.sin_port));
    }
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

private:
    std::string address_;
};

// As systemd starts it: the sockets from descriptor 3 on, their names, and the process they are meant for.
std::vector<std::string>
handing_over(const held_socket& first, const held_socket& second, const std::string& names) {
    const std::string script = "exec 3<&" + std::to_string(first.number()) + " 4<&" +
                               std::to_string(second.number()) +
                               "; LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=" + names + " exec \"$@\"";
    return {"bash", "-c", script, "bash", program_path("wxlogind")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(socket_activation)

BOOST_AUTO_TEST_CASE(both_listeners_are_taken_over_by_their_names) {
    const held_port internal;
    const held_port open;
    deployment_options options;
    options.program = handing_over(internal, open, "internal:public");
    deployment running{options};
    BOOST_TEST(running.public_address() == open.address());
    BOOST_TEST(running.internal_address() == internal.address());
    const auto login = json_of(running.log_in(running.mint_code("ada")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
    BOOST_TEST(http_get(running.public_address(), "/verify", bearer).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_keeps_its_path_when_the_process_ends) {
    const temporary_directory files;
    const held_socket internal{AF_UNIX};
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    files.file("internal").copy(where.sun_path, sizeof where.sun_path - 1);
    internal.listen_on(reinterpret_cast<const sockaddr*>(&where), sizeof where);
    const held_port open;
    deployment_options options;
    options.program = handing_over(open, internal, "public:internal");
    deployment running{options};
    BOOST_TEST(running.internal_address() == "unix:" + files.file("internal"));
    BOOST_TEST(http_get(running.internal_address(), "/readyz").status == 200u);
    BOOST_TEST(running.stop_wxlogind() == 0);
    BOOST_TEST(std::filesystem::exists(files.file("internal")));
    running.start_wxlogind();
    BOOST_TEST(http_get(running.internal_address(), "/readyz").status == 200u);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_stops_the_start_and_is_said) {
    deployment running;
    const held_port one;
    const held_port two;
    for (const std::string names : {"public:wxlogind.socket", "public:public"}) {
        std::vector<std::string> argv = handing_over(one, two, names);
        argv.insert(argv.end(), {"--config", running.file("wxlogind.toml")});
        child_process refused{argv, running.file("second.log")};
        BOOST_TEST(refused.wait() == 1);
        BOOST_TEST(refused.output().find("FileDescriptorName") != std::string::npos);
    }
}

// Every client connects anew each time, so that a closed port would be met at once.
BOOST_AUTO_TEST_CASE(a_restart_refuses_no_connection) {
    const held_port internal;
    const held_port open;
    deployment_options options;
    options.program = handing_over(open, internal, "public:internal");
    deployment running{options};

    std::atomic<bool> is_over{false};
    std::atomic<unsigned> answered{0};
    std::atomic<unsigned> lost{0};
    const auto call = [&](const std::string& address) {
        while (!is_over) {
            try {
                ++(http_get(address, "/healthz").status == 200u ? answered : lost);
            } catch (const std::runtime_error&) {
                ++lost;
            }
        }
    };
    {
        std::vector<std::jthread> clients;
        for (int each = 0; each < 3; ++each) clients.emplace_back([&] { call(open.address()); });
        clients.emplace_back([&] { call(internal.address()); });
        for (int round = 0; round < 5; ++round) {
            const unsigned before = answered;
            while (answered < before + 50 && lost == 0) std::this_thread::sleep_for(1ms);
            BOOST_TEST(running.stop_wxlogind() == 0);
            running.start_wxlogind();
        }
        const unsigned before = answered;
        while (answered < before + 50 && lost == 0) std::this_thread::sleep_for(1ms);
        is_over = true;
    }
    BOOST_TEST(lost == 0u);
    BOOST_TEST(answered > 300u);
}

BOOST_AUTO_TEST_SUITE_END()
