// wxlogind backup, and the way back.
#include "tests/support/file_content.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct backup_outcome {
    int status{0};
    std::string output{};
};

backup_outcome back_up(const deployment& of, const std::string& to) {
    child_process program{
        {program_path("wxlogind"), "backup", "--config", of.file("wxlogind.toml"), "--to", to, "--json"},
        of.file("backup.log")};
    backup_outcome outcome;
    outcome.status = program.wait();
    outcome.output = program.output();
    return outcome;
}

// As the README says: nothing of the old database stays.
void restore(deployment& to, const std::string& from) {
    for (const char* const tail : {"", "-wal", "-shm"}) fs::remove(to.database() + tail);
    fs::copy_file(from, to.database());
}

bool has_partial_files(const deployment& of) {
    return std::ranges::any_of(
        fs::directory_iterator{fs::path{of.database()}.parent_path()}, [](const fs::directory_entry& entry) {
            return entry.path().string().find(".partial") != std::string::npos;
        });
}

} // namespace

BOOST_AUTO_TEST_SUITE(backup)

BOOST_AUTO_TEST_CASE(a_copy_under_load_has_every_login_answered_before_and_can_be_restored) {
    deployment running;
    std::mutex lock;
    std::map<std::string, std::string> ids; // of those who were answered
    std::atomic<bool> is_over{false};
    std::map<std::string, std::string> before;
    {
        std::vector<std::jthread> clients;
        for (int client = 0; client < 4; ++client)
            clients.emplace_back([&, client] {
                for (int login = 0; !is_over; ++login) {
                    const std::string user = "u" + std::to_string(client) + "-" + std::to_string(login);
                    const http_reply reply = running.log_in(running.mint_code(user));
                    if (reply.status != 200) continue;
                    const std::lock_guard holding{lock};
                    ids[user] = text_of(json_of(reply), "id");
                }
            });
        const auto answered = [&] {
            const std::lock_guard holding{lock};
            return ids.size();
        };
        for (int round = 0; round < 3; ++round) {
            const std::size_t so_far = answered();
            while (answered() < so_far + 30) std::this_thread::sleep_for(1ms);
            {
                const std::lock_guard holding{lock};
                before = ids;
            }
            const backup_outcome made = back_up(running, running.file("copy"));
            BOOST_TEST(made.status == 0, made.output);
            const auto report = boost::json::parse(made.output).as_object();
            BOOST_TEST(report.at("users").as_int64() >= static_cast<std::int64_t>(before.size()));
        }
        is_over = true;
    }
    BOOST_TEST(
        (fs::status(running.file("copy")).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
    BOOST_TEST(!has_partial_files(running));

    running.kill_wxlogind();
    restore(running, running.file("copy"));
    running.start_wxlogind();
    for (const auto& [user, id] : before) {
        const auto again = json_of(running.log_in(running.mint_code(user)));
        BOOST_TEST(text_of(again, "id") == id);
        BOOST_TEST(!again.at("is_new").as_bool());
    }
    BOOST_TEST(json_of(running.log_in(running.mint_code("somebody-new"))).at("is_new").as_bool());
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_run_is_no_obstacle) {
    deployment running;
    const std::string id = text_of(json_of(running.log_in(running.mint_code("ada"))), "id");
    const auto restored_id = [&] {
        restore(running, running.file("copy"));
        running.start_wxlogind();
        return text_of(json_of(running.log_in(running.mint_code("ada"))), "id");
    };
    running.stop_wxlogind();
    BOOST_TEST(back_up(running, running.file("copy")).status == 0);
    BOOST_TEST(restored_id() == id);
    // With a log that nobody has folded back.
    running.kill_wxlogind();
    BOOST_TEST(back_up(running, running.file("copy")).status == 0);
    BOOST_TEST(restored_id() == id);
}

// And what an operator has to know of it, as the README says it.
BOOST_AUTO_TEST_CASE(a_restored_copy_has_the_sessions_of_then) {
    session_deployment running;
    const auto log_in = [&](const char* user) { return json_of(running.log_in(running.mint_code(user))); };
    const auto kept = log_in("ada");
    const auto ended = log_in("bob");
    BOOST_TEST(back_up(running, running.file("copy")).status == 0);
    const auto opened_later = log_in("eve");
    BOOST_TEST(running.log_out(ended).status == 204u);
    BOOST_TEST(running.verify(ended).status == 401u);

    running.stop_wxlogind();
    restore(running, running.file("copy"));
    running.start_wxlogind();
    BOOST_TEST(running.me(kept).status == 200u);
    BOOST_TEST(running.refresh(kept).status == 200u);
    BOOST_TEST(running.refresh(opened_later).status == 401u);
    BOOST_TEST(running.verify(ended).status == 200u); // it lives again
}

BOOST_AUTO_TEST_CASE(a_damaged_database_does_not_take_the_place_of_an_earlier_copy) {
    deployment running;
    for (int each = 0; each < 50; ++each)
        BOOST_TEST(running.log_in(running.mint_code("u" + std::to_string(each))).status == 200u);
    running.stop_wxlogind();
    BOOST_TEST(back_up(running, running.file("copy")).status == 0);
    const std::string earlier = content_of(running.file("copy"));
    {
        std::fstream file{running.database(), std::ios::in | std::ios::out | std::ios::binary};
        const auto pages = fs::file_size(running.database()) / 4096;
        for (std::uintmax_t page = 1; page < pages; ++page) {
            file.seekp(static_cast<std::streamoff>(page * 4096));
            file << std::string(64, '\x5a');
        }
    }
    const backup_outcome failed = back_up(running, running.file("copy"));
    BOOST_TEST(failed.status == 1);
    BOOST_TEST(!boost::json::parse(failed.output).as_object().at("ok").as_bool());
    BOOST_TEST((content_of(running.file("copy")) == earlier));
    BOOST_TEST(!has_partial_files(running));
}

BOOST_AUTO_TEST_CASE(the_database_itself_is_never_written_over) {
    deployment running;
    BOOST_TEST(running.log_in(running.mint_code("ada")).status == 200u);
    fs::create_symlink(running.database(), running.file("link"));
    for (const std::string& to : {running.database(), running.database() + "-wal", running.file("link")}) {
        const backup_outcome refused = back_up(running, to);
        BOOST_TEST(refused.status == 1);
        BOOST_TEST(refused.output.find("another name") != std::string::npos, refused.output);
    }
    BOOST_TEST(back_up(running, "/nonexistent/copy").status == 1);
    BOOST_TEST(!json_of(running.log_in(running.mint_code("ada"))).at("is_new").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
