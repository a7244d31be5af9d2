#include "core/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>

using namespace wxlogind;

BOOST_AUTO_TEST_SUITE(randomness)

BOOST_AUTO_TEST_CASE(nothing_comes_twice_whatever_the_sizes) {
    std::set<std::string> seen;
    std::size_t made = 0;
    for (int round = 0; round < 2000; ++round)
        for (const std::size_t size : {8u, 12u, 16u, 63u, 64u, 65u, 1000u}) {
            const std::string bytes = random_bytes(size);
            BOOST_TEST_REQUIRE(bytes.size() == size);
            seen.insert(bytes.substr(0, 8));
            seen.insert(bytes.substr(size - 8));
            made += size == 8 ? 1 : 2;
        }
    BOOST_TEST(seen.size() == made);
}

BOOST_AUTO_TEST_CASE(every_bit_is_set_half_of_the_time) {
    constexpr int rounds = 40'000;
    std::array<int, 96> ones{};
    for (int round = 0; round < rounds; ++round) {
        const std::string bytes = random_bytes(12);
        for (std::size_t bit = 0; bit < ones.size(); ++bit)
            ones[bit] += static_cast<unsigned char>(bytes[bit / 8]) >> bit % 8 & 1;
    }
    // Seven standard deviations.
    for (const int count : ones) BOOST_TEST(std::abs(count - rounds / 2) < 700);
}

BOOST_AUTO_TEST_CASE(no_bytes_are_no_trouble) {
    BOOST_TEST(random_bytes(0).empty());
}

BOOST_AUTO_TEST_CASE(two_threads_get_different_bytes) {
    std::string other;
    std::thread{[&other] { other = random_bytes(16); }}.join();
    BOOST_TEST(random_bytes(16) != other);
}

BOOST_AUTO_TEST_CASE(a_forked_child_does_not_repeat_its_parent) {
    // More than once: what the parent has in store may just have been used up.
    for (int round = 0; round < 3; ++round) {
        static_cast<void>(random_bytes(8));
        std::array<int, 2> answer{};
        BOOST_TEST_REQUIRE(::pipe(answer.data()) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const std::string bytes = random_bytes(16);
            ::_exit(::write(answer[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
        }
        std::string of_child(16, '\0');
        BOOST_TEST(::read(answer[0], of_child.data(), of_child.size()) == 16);
        ::close(answer[0]);
        ::close(answer[1]);
        int status = 0;
        BOOST_TEST(::waitpid(child, &status, 0) == child);
        BOOST_TEST((random_bytes(16) != of_child));
    }
}

BOOST_AUTO_TEST_SUITE_END()
