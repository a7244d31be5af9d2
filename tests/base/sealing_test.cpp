#include "core/base/sealing.hpp"

#include "core/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>
#include <thread>

using namespace wxlogind;
using namespace std::string_view_literals;

namespace {

sealing_key key_of(std::uint32_t id, char filling) {
    return {id, secret{std::string(32, filling)}};
}

// The public parts of an envelope: version, key id, nonce, tag.
constexpr std::size_t overhead = 1 + 4 + 12 + 16;

} // namespace

BOOST_AUTO_TEST_SUITE(sealing)

BOOST_AUTO_TEST_CASE(what_was_sealed_opens_again) {
    const sealer box{{key_of(7, 'k')}};
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 24u, 1000u, 100'000u}) {
        const std::string plain = random_bytes(size);
        const std::string envelope = box.seal(plain, "identity.session_key:1");
        BOOST_TEST(envelope.size() == size + overhead);
        BOOST_TEST((box.open(envelope, "identity.session_key:1").value().reveal() == plain));
    }
}

BOOST_AUTO_TEST_CASE(an_envelope_shows_version_and_key_id_and_hides_the_rest) {
    const sealer box{{key_of(0x01020304, 'k')}};
    const std::string envelope = box.seal("tiihtNczf5v6AKRyjwEUhQ==", "");
    BOOST_TEST((envelope.substr(0, 5) == "\x01\x01\x02\x03\x04"sv));
    BOOST_TEST(envelope.find("tiih") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_plain_text_is_never_sealed_to_the_same_bytes) {
    const sealer box{{key_of(1, 'k')}};
    std::set<std::string> nonces;
    for (int i = 0; i < 1000; ++i) nonces.insert(box.seal("plain", "place").substr(5, 12));
    BOOST_TEST(nonces.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(an_envelope_with_any_bit_flipped_does_not_open) {
    const sealer box{{key_of(0, 'a'), key_of(1, 'b')}};
    std::string envelope = box.seal("session key", "place");
    for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
        const char flip = static_cast<char>(1u << bit % 8);
        envelope[bit / 8] = static_cast<char>(envelope[bit / 8] ^ flip);
        const auto opened = box.open(envelope, "place");
        BOOST_TEST_REQUIRE(!opened.has_value(), "bit " << bit);
        BOOST_TEST((opened.error().code == errc::internal));
        BOOST_TEST(opened.error().detail.empty());
        envelope[bit / 8] = static_cast<char>(envelope[bit / 8] ^ flip);
    }
    BOOST_TEST(box.open(envelope, "place").has_value());
}

BOOST_AUTO_TEST_CASE(a_truncated_or_extended_envelope_does_not_open) {
    const sealer box{{key_of(1, 'k')}};
    const std::string envelope = box.seal("session key", "place");
    for (std::size_t size = 0; size < envelope.size(); ++size)
        BOOST_TEST(!box.open(envelope.substr(0, size), "place").has_value(), size);
    BOOST_TEST(!box.open(envelope + '\0', "place").has_value());
}

BOOST_AUTO_TEST_CASE(an_envelope_opens_only_in_its_place) {
    const sealer box{{key_of(1, 'k')}};
    const std::string envelope = box.seal("session key", "identity.session_key:1");
    BOOST_TEST(!box.open(envelope, "identity.session_key:2").has_value());
    BOOST_TEST(!box.open(envelope, "identity.session_key:").has_value());
    BOOST_TEST(!box.open(envelope, "").has_value());
}

BOOST_AUTO_TEST_CASE(an_envelope_opens_only_with_its_key) {
    const std::string envelope = sealer{{key_of(1, 'k')}}.seal("session key", "place");
    BOOST_TEST(!sealer{{key_of(1, 'x')}}.open(envelope, "place").has_value());
    BOOST_TEST(!sealer{{key_of(2, 'k')}}.open(envelope, "place").has_value());
}

BOOST_AUTO_TEST_CASE(the_first_key_seals_and_every_key_opens) {
    const std::string old_envelope = sealer{{key_of(1, 'a')}}.seal("session key", "place");
    const sealer rotated{{key_of(2, 'b'), key_of(1, 'a')}};
    BOOST_TEST((rotated.open(old_envelope, "place").value().reveal() == "session key"));
    BOOST_TEST((rotated.seal("", "")[4] == 2));
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_next_envelope_alone) {
    const sealer box{{key_of(1, 'k')}};
    const std::string envelope = box.seal("session key", "place");
    BOOST_TEST(!box.open(envelope, "elsewhere").has_value());
    BOOST_TEST(box.open(envelope, "place").has_value());
}

BOOST_AUTO_TEST_CASE(many_keys_at_once_are_not_mixed_up) {
    std::vector<std::unique_ptr<sealer>> boxes;
    std::vector<std::string> envelopes;
    for (char filling = 'a'; filling <= 'j'; ++filling) {
        boxes.push_back(std::make_unique<sealer>(std::vector{key_of(1, filling)}));
        envelopes.push_back(boxes.back()->seal(std::string(5, filling), "place"));
    }
    for (int round = 0; round < 3; ++round)
        for (std::size_t box = 0; box < boxes.size(); ++box)
            for (std::size_t from = 0; from < envelopes.size(); ++from) {
                const auto opened = boxes[box]->open(envelopes[from], "place");
                BOOST_TEST_REQUIRE(opened.has_value() == (box == from));
                if (opened) BOOST_TEST(boxes[box]->seal(opened->reveal(), "x").size() == 5 + overhead);
            }
}

BOOST_AUTO_TEST_CASE(several_threads_seal_and_open_at_once) {
    const sealer box{{key_of(1, 'k')}};
    std::atomic<int> opened{0};
    const auto work = [&] {
        for (int i = 0; i < 500; ++i) {
            const std::string plain = std::to_string(i);
            const auto back = box.open(box.seal(plain, "place"), "place");
            if (back && back->reveal() == plain) ++opened;
        }
    };
    std::thread other{work};
    work();
    other.join();
    BOOST_TEST(opened == 1000);
}

BOOST_AUTO_TEST_CASE(unusable_keys_are_refused) {
    BOOST_CHECK_THROW(sealer{{}}, std::invalid_argument);
    BOOST_CHECK_THROW((sealer{{{1, secret{std::string(31, 'k')}}}}), std::invalid_argument);
    BOOST_CHECK_THROW((sealer{{{1, secret{std::string(33, 'k')}}}}), std::invalid_argument);
    BOOST_CHECK_THROW((sealer{{key_of(1, 'a'), key_of(2, 'b'), key_of(1, 'c')}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_fingerprint_depends_on_the_plain_text_and_the_key_alone) {
    const sealer box{{key_of(1, 'a')}};
    BOOST_TEST(box.fingerprint("one") == box.fingerprint("one"));
    BOOST_TEST(box.fingerprint("one") != box.fingerprint("two"));
    BOOST_TEST(box.fingerprint("one") != (sealer{{key_of(1, 'b')}}.fingerprint("one")));
    BOOST_TEST(box.fingerprint("one") == (sealer{{key_of(9, 'a'), key_of(1, 'b')}}.fingerprint("one")));
}

BOOST_AUTO_TEST_CASE(a_secret_moved_from_keeps_nothing) {
    secret source{"short"sv};
    const secret target{std::move(source)};
    BOOST_TEST(target.reveal() == "short");
    BOOST_TEST(source.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): what lies behind the end is looked at
    BOOST_TEST((std::string_view{source.reveal().data(), 5} == "\0\0\0\0\0"sv));
}

BOOST_AUTO_TEST_SUITE_END()
