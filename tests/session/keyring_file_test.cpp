#include "core/session/keyring_file.hpp"

#include "core/session/key_changes.hpp"
#include "core/session/keyring_text.hpp"
#include "tests/session/session_fixtures.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;

namespace {

constexpr unix_seconds noon{1'800'000'000s};

std::string refusal_of(const std::string& path) {
    try {
        static_cast<void>(load_or_create_keyring(path, noon));
    } catch (const keyring_error& error) {
        return error.what();
    }
    return {};
}

void write_file(const std::string& path, std::string_view text, unsigned mode = 0600) {
    std::ofstream{path} << text;
    std::filesystem::permissions(path, std::filesystem::perms{mode});
}

std::string good_text() {
    return render_keyring({test::signing_key_of("one")}, {test::sealing_key_of(1)});
}

std::size_t files_in(const std::filesystem::path& directory) {
    const std::filesystem::directory_iterator all{directory};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

struct directory_fixture {
    test::temporary_directory directory;
    std::string path{directory.file("keys.toml")};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keyring_file, directory_fixture)

BOOST_AUTO_TEST_CASE(the_file_is_made_at_first_start_and_read_afterwards) {
    const auto made = load_or_create_keyring(path, noon);
    BOOST_TEST(made->active().bytes.reveal().size() == 32u);
    BOOST_TEST((made->active().created == noon));
    BOOST_TEST(made->active().kid.starts_with("20270115T080000Z-"));

    for (const auto& again : {load_or_create_keyring(path, noon + 1h), load_keyring(path)}) {
        BOOST_TEST(again->active().kid == made->active().kid);
        BOOST_TEST((again->active().bytes.reveal() == made->active().bytes.reveal()));
        BOOST_TEST(again->sealer().open(made->sealer().seal("plain", "place"), "place").has_value());
    }
    BOOST_TEST(files_in(directory.path()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_made_file_is_for_its_owner_alone_whatever_the_umask) {
    for (const mode_t mask : {0000u, 0777u, 0022u}) {
        const auto old = ::umask(mask);
        const std::string mine = path + std::to_string(mask);
        const std::string refusal = refusal_of(mine);
        ::umask(old);
        BOOST_TEST(refusal == "");
        struct stat status{};
        BOOST_TEST_REQUIRE(::stat(mine.c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 07777) == 0600u);
    }
}

BOOST_AUTO_TEST_CASE(every_installation_has_keys_of_its_own) {
    const auto one = load_or_create_keyring(path, noon);
    const auto two = load_or_create_keyring(path + "2", noon);
    BOOST_TEST((one->active().bytes.reveal() != two->active().bytes.reveal()));
    BOOST_TEST(one->active().kid != two->active().kid);
    BOOST_TEST(!two->sealer().open(one->sealer().seal("plain", "place"), "place").has_value());
}

BOOST_AUTO_TEST_CASE(processes_that_start_at_once_get_the_same_keys) {
    constexpr int rounds = 20;
    constexpr int processes = 4;
    for (int round = 0; round < rounds; ++round) {
        const std::string contested = path + std::to_string(round);
        int start[2];
        int answers[2];
        BOOST_TEST_REQUIRE(::pipe(start) == 0);
        BOOST_TEST_REQUIRE(::pipe(answers) == 0);
        std::vector<pid_t> children;
        for (int i = 0; i < processes; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                // Held until the parent closes its end.
                ::close(start[1]);
                char nothing = 0;
                static_cast<void>(::read(start[0], &nothing, 1));
                std::string answer(32, '?');
                try {
                    answer = load_or_create_keyring(contested, noon)->active().bytes.reveal();
                } catch (const std::exception&) {
                    answer.assign(32, '!');
                }
                ::_exit(::write(answers[1], answer.data(), answer.size()) == 32 ? 0 : 1);
            }
            children.push_back(child);
        }
        ::close(start[0]);
        ::close(start[1]);
        for (const pid_t child : children) {
            int status = 0;
            BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
            BOOST_TEST(status == 0);
        }
        const std::string expected{load_keyring(contested)->active().bytes.reveal()};
        for (int i = 0; i < processes; ++i) {
            std::string answer(32, '\0');
            BOOST_TEST_REQUIRE(::read(answers[0], answer.data(), answer.size()) == 32);
            BOOST_TEST((answer == expected), "round " << round);
        }
        ::close(answers[0]);
        ::close(answers[1]);
        BOOST_TEST(files_in(directory.path()) == static_cast<std::size_t>(round) + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_read_is_refused_with_the_command_that_helps) {
    for (const unsigned mode : {0640u, 0604u, 0660u, 0602u, 0601u, 0777u}) {
        write_file(path, good_text(), mode);
        BOOST_TEST(refusal_of(path).starts_with(path + ": open to group or others: chmod 600 it"));
    }
    write_file(path, good_text(), 0400);
    BOOST_TEST(refusal_of(path) == "");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_refused) {
    if (::geteuid() != 0) return; // only root can give a file away
    write_file(path, good_text());
    BOOST_TEST_REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
    BOOST_TEST(refusal_of(path).starts_with(path + ": belongs to another user"));
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_is_refused_also_one_that_leads_nowhere) {
    const std::string target = directory.file("target");
    std::filesystem::create_symlink(target, path);
    BOOST_TEST(refusal_of(path) == path + ": a symbolic link: name the file itself");
    BOOST_TEST(!std::filesystem::exists(target));
    write_file(target, good_text());
    BOOST_TEST(refusal_of(path) == path + ": a symbolic link: name the file itself");
}

BOOST_AUTO_TEST_CASE(what_is_not_a_plain_file_is_refused) {
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    BOOST_TEST(refusal_of(path) == path + ": not a plain file");
    BOOST_TEST(refusal_of(directory.path().string()) == directory.path().string() + ": not a plain file");
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_refused_by_name_and_line_and_kept) {
    write_file(path, "\nnonsense\n");
    BOOST_TEST(refusal_of(path) == path + ":2: not TOML");
    write_file(path, "-----BEGIN PRIVATE KEY-----\n");
    BOOST_TEST(refusal_of(path).starts_with(path + ": a PEM, not a keyring"));
    write_file(path, "");
    BOOST_TEST(refusal_of(path).starts_with(path + ": empty"));
    BOOST_TEST(std::filesystem::file_size(path) == 0u);
    write_file(path, std::string(64 * 1024 + 1, '#'));
    BOOST_TEST(refusal_of(path) == path + ": larger than 64 KiB: not a keyring");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_is_named) {
    const std::string nowhere = directory.file("absent/keys.toml");
    BOOST_TEST(
        refusal_of(nowhere) == nowhere + ": cannot be made in its directory: No such file or directory");
}

BOOST_AUTO_TEST_CASE(reading_alone_makes_nothing) {
    BOOST_CHECK_THROW(static_cast<void>(load_keyring(path)), keyring_error);
    BOOST_TEST(files_in(directory.path()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_change_is_in_the_file_and_the_file_is_as_private_as_before) {
    write_file(path, good_text(), 0400);
    change_keys(path, [](key_set& keys) { add_signing_key(keys, noon); });
    struct stat status{};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777) == 0600u);
    BOOST_TEST(load_keyring(path)->signing_keys().size() == 2u);
    BOOST_TEST(load_keyring(path)->active().kid == "one");
    BOOST_TEST(load_key_set(path).signing.size() == 2u);
    BOOST_TEST(files_in(directory.path()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_change_that_fails_or_makes_no_keyring_leaves_the_file_alone) {
    write_file(path, good_text());
    const auto before = std::filesystem::last_write_time(path);
    const std::vector<std::function<void(key_set&)>> bad{
        [](key_set&) { throw keyring_error{"no"}; }, [](key_set& keys) { keys.sealing.clear(); },
        [](key_set& keys) { keys.signing.clear(); },
        [](key_set& keys) { keys.signing.push_back(keys.signing.front()); }};
    for (const auto& change : bad) BOOST_CHECK_THROW(change_keys(path, change), keyring_error);
    BOOST_TEST((std::filesystem::last_write_time(path) == before));
    BOOST_TEST(files_in(directory.path()) == 1u);
    write_file(path, "nonsense");
    BOOST_CHECK_THROW(change_keys(path, [](key_set&) {}), keyring_error);
    BOOST_CHECK_THROW(change_keys(path + "-absent", [](key_set&) {}), keyring_error);
}

BOOST_AUTO_TEST_CASE(root_may_change_the_keys_of_another_user_who_keeps_them) {
    if (::geteuid() != 0) return; // only root can give a file away
    write_file(path, good_text());
    BOOST_TEST_REQUIRE(::chown(path.c_str(), 65534, 65533) == 0);
    change_keys(path, [](key_set& keys) { add_signing_key(keys, noon); });
    struct stat status{};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST(status.st_uid == 65534u);
    BOOST_TEST(status.st_gid == 65533u);
    BOOST_TEST((status.st_mode & 07777) == 0600u);
    BOOST_TEST(load_key_set(path).signing.size() == 2u);
}

BOOST_AUTO_TEST_CASE(of_changes_at_once_none_is_lost_and_every_reader_sees_a_whole_file) {
    write_file(path, good_text());
    constexpr unsigned writers = 6;
    constexpr unsigned changes = 8;
    std::atomic<bool> is_over{false};
    {
        std::jthread reader{[&] {
            while (!is_over) BOOST_TEST(load_keyring(path)->active().kid == "one");
        }};
        {
            std::vector<std::jthread> all;
            for (unsigned i = 0; i < writers; ++i)
                all.emplace_back([&] {
                    for (unsigned n = 0; n < changes; ++n)
                        change_keys(path, [](key_set& keys) { add_signing_key(keys, noon); });
                });
        }
        is_over = true;
    }
    BOOST_TEST(load_keyring(path)->signing_keys().size() == 1u + writers * changes);
    BOOST_TEST(files_in(directory.path()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_kid_is_made_of_the_time_and_random_digits) {
    const std::string kid = make_kid(noon);
    BOOST_TEST(kid.size() == 25u);
    BOOST_TEST(kid != make_kid(noon));
}

BOOST_AUTO_TEST_SUITE_END()
