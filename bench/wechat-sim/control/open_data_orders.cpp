#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"
#include "bench/wechat-sim/control/sessions.hpp"
#include "bench/wechat-sim/world/open_data.hpp"

#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

constexpr std::int64_t ten_years_s = 315'360'000;

// Sixteen bytes that follow from a text.
std::string bytes_from(std::string_view text) {
    generator numbers{hash_text(0x6976, text)};
    std::string bytes;
    while (bytes.size() < 16) bytes += static_cast<char>(numbers.below(256));
    return bytes;
}

struct open_data_order {
    const control_order& order;
    user_in_app who;
    std::string kind;

    [[nodiscard]] unix_millis now() const { return order.targets.clock.now(); }

    [[nodiscard]] std::string_view key() const {
        const std::string which = text_field(order.body, "key").value_or("current");
        if (which == "current") return who.session.current.text();
        if (which != "previous") throw bad_order{"\"key\" has to be \"current\" or \"previous\""};
        if (!who.session.previous) throw bad_order{409, "the user has had one session_key only"};
        return who.session.previous->text();
    }

    // The platform writes none into what names a group or counts steps.
    [[nodiscard]] std::optional<watermark> mark() const {
        const bool is_personal = kind == "userinfo" || kind == "profile" || kind == "phone";
        if (!bool_field(order.body, "watermark").value_or(is_personal)) return std::nullopt;
        const auto age = number_field(order.body, "watermark_age_s", -ten_years_s, ten_years_s).value_or(0);
        return watermark{
            text_field(order.body, "watermark_appid").value_or(who.appid),
            std::chrono::floor<std::chrono::seconds>(now()) - std::chrono::seconds{age}};
    }

    [[nodiscard]] profile shown_profile() const {
        profile own = order.targets.everything.profiles().of(who.user);
        return bool_field(order.body, "anonymous").value_or(own.nickname.empty()) ? anonymous_profile() : own;
    }

    [[nodiscard]] std::string group_id() const {
        return text_field(order.body, "group_id").value_or("tGSimulatedGroup0000000000001");
    }

    [[nodiscard]] std::string payload() const {
        if (auto given = text_field(order.body, "payload")) return *std::move(given);
        if (kind == "userinfo") {
            open_identity identity{std::string{who.openid.text()}};
            if (who.unionid) identity.unionid = who.unionid->text();
            return user_info_payload(shown_profile(), identity, mark());
        }
        if (kind == "profile") return user_info_payload(shown_profile(), {}, mark());
        if (kind == "phone") return phone_payload(order.targets.everything.profiles().of(who.user), mark());
        if (kind == "share") return share_payload(group_id(), mark());
        if (kind == "group") return group_payload(group_id(), mark());
        if (kind == "werun") return steps_payload(hash_text(0x7374, who.openid.text()), now(), mark());
        throw bad_order{R"("kind" has to be "userinfo", "profile", "phone", "share", "group" or "werun")"};
    }
};

} // namespace

control_reply make_open_data(const control_order& order) {
    refuse_unknown(
        order.body, std::array<std::string_view, 10>{
                        "appid", "user", "kind", "anonymous", "key", "watermark", "watermark_appid",
                        "watermark_age_s", "group_id", "payload"});
    const std::string appid = required_text(order.body, "appid");
    const open_data_order asked{
        order, find_user(order, appid, required_text(order.body, "user")),
        text_field(order.body, "kind").value_or("userinfo")};
    const std::string payload = asked.payload();
    const sealed_data sealed = seal(payload, asked.key(), bytes_from(payload));
    json::object reply{{"encryptedData", sealed.encrypted_data}, {"iv", sealed.iv}, {"payload", payload}};
    if (asked.kind == "userinfo" || asked.kind == "profile") {
        const std::string raw = raw_user_info(asked.shown_profile());
        reply["rawData"] = raw;
        reply["signature"] = sign_raw_data(raw, asked.key());
    }
    return {201, "application/json", json::serialize(reply)};
}

} // namespace wxlogind::wechat_sim
