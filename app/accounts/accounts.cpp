#include "app/accounts/accounts.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/context/login.hpp"
#include "app/models/account_tokens.hpp"
#include "app/models/names.hpp"
#include "app/models/outbox.hpp"

namespace app::accounts {
namespace {

using base::Code;
using base::Error;
using models::User;

[[noreturn]] void refuse(std::string pointer, const std::string& what) {
    throw Error(Code::invalid, what, {}, {{std::move(pointer), what}});
}

[[noreturn]] void refuse_token() {
    refuse("/token", "the link is not valid any more: it was used, has expired, or did not arrive whole");
}

Mails mails_for(const Context& ctx) {
    const auto obstacle = find_obstacle(ctx.config(), ctx.services.mail);
    if (obstacle) base::log_warning("an account cannot be served by mail: " + *obstacle, ctx.request.id);
    return Mails(ctx.site, ctx.services);
}

// A mail about what was done, which goes well without it too: where no mail is sent, or none to such an address.
template <class Make>
std::optional<mail::Message> find_notice(const Context& ctx, Make make) try {
    if (find_obstacle(ctx.config(), ctx.services.mail)) return std::nullopt;
    return make(Mails(ctx.site, ctx.services));
} catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    base::log_warning("an account is not told of a change: " + error.message(), ctx.request.id);
    return std::nullopt;
}

void count_request(const Context& ctx) {
    const auto client = throttle::address_key(ctx.request.peer);
    if (!ctx.services.mail_limit || !client) return;
    const auto quota = ctx.services.mail_limit->take_request(*client, std::chrono::steady_clock::now());
    if (quota.allowed) return;
    throw Error(Code::too_many,
                "too many mails were asked for from this address; try again in " + std::to_string(quota.more_in.count()) + " s")
        .set_retry_after(quota.more_in);
}

bool may_get_mail(const Context& ctx, const std::string& email) {
    return !ctx.services.mail_limit || ctx.services.mail_limit->take_mail(email, std::chrono::steady_clock::now());
}

// What is wrong with an address that a mail is to go to.
std::vector<base::FieldError> find_email_faults(const std::string& email) {
    constexpr std::string_view any_name = "a";
    auto faults = models::find_name_faults(email, any_name);
    if (!faults.empty()) return faults;
    try {
        mail::require_valid(mail::Address{.email = email});
    } catch (const Error& error) {
        faults.push_back({"/email", error.message()});
    }
    return faults;
}

std::string canonical_or_refuse(std::string_view email) {
    std::string canonical = models::canonical_email(email);
    if (auto faults = find_email_faults(canonical); !faults.empty()) refuse("/email", faults.front().message);
    return canonical;
}

std::optional<std::string> find_password_fault(std::string_view password) {
    using base::Passwords;
    if (password.size() >= Passwords::bytes_min && password.size() <= Passwords::bytes_max) return std::nullopt;
    return "the password must be " + std::to_string(Passwords::bytes_min) + " to " + std::to_string(Passwords::bytes_max) +
           " bytes long";
}

std::string hash_or_refuse(Context& ctx, std::string_view password) {
    if (const auto fault = find_password_fault(password)) refuse("/password", *fault);
    return ctx.services.passwords.hash(password);
}

void require_well_formed(const Registration& wanted, const std::string& email) {
    auto faults = models::find_name_faults(email, wanted.username);
    const auto is_email = [](const base::FieldError& fault) { return fault.pointer == "/email"; };
    if (std::ranges::none_of(faults, is_email)) {
        for (auto& fault : find_email_faults(email)) faults.push_back(std::move(fault));
    }
    if (auto fault = find_password_fault(wanted.password)) faults.push_back({"/password", *std::move(fault)});
    if (faults.empty()) return;
    const std::string message = faults.front().message;
    throw Error(Code::invalid, message, {}, std::move(faults));
}

void require_password(Context& ctx, std::string_view password) {
    const auto user = log_in(ctx, ctx.user->email, password);
    if (!user || user->id != ctx.user->id) throw Error(Code::forbidden, "the current password is another one");
}

// Adds the mail, and takes it back if it is not to go out: so both cost the same.
void add_mail(db::Connection& c, const mail::Message& message, bool goes_out) {
    const auto id = models::add_mail(c, message, message.date);
    if (!goes_out) models::remove_mail(c, id);
}

void write_mail(Context& ctx, const mail::Message& message, bool goes_out) {
    ctx.db().write([&](db::Connection& c) { add_mail(c, message, goes_out); });
    ctx.services.wake_mail_sender();
}

std::optional<models::Credentials> find_credentials(const Context& ctx, const std::string& email) {
    return ctx.db().read([&](db::Connection& c) { return models::find_credentials(c, email); });
}

// Who asked for a mail to an address that he may have no account for.
struct Asker {
    std::string email;
    std::optional<models::Credentials> known;
    bool may_get_mail;
};

// 0 where there is no account, for a mail that is thrown away.
std::int64_t version_of(const std::optional<models::Credentials>& known) { return known ? known->user.token_version : 0; }

// Counts the request. Costs the same whether there is such an account or not.
Asker find_asker(const Context& ctx, std::string_view text) {
    std::string email = canonical_or_refuse(text);
    count_request(ctx);
    const bool may_go_out = may_get_mail(ctx, email);
    auto known = find_credentials(ctx, email);
    return {std::move(email), std::move(known), may_go_out};
}

// Who has the names that somebody wants.
struct Owners {
    std::optional<User> of_email, of_username;

    bool are_nobody() const { return !of_email && !of_username; }
};

Owners find_owners(const Context& ctx, const std::string& email, const std::string& username) {
    return ctx.db().read([&](db::Connection& c) {
        return Owners{models::find_user_by_email(c, email), models::find_user_by_username(c, username)};
    });
}

mail::Message answer_to(const Mails& mails, const Owners& owners, const std::string& email) {
    if (owners.of_email)
        return owners.of_email->confirmed ? mails.already_registered(email)
                                          : mails.invitation(email, owners.of_email->token_version);
    return owners.of_username ? mails.username_taken(email) : mails.confirmation(email, 0);
}

}  // namespace

void require_registration(const Context& ctx) {
    if (!ctx.config().accounts.registration) throw Error(Code::forbidden, "registration is turned off on this server");
    require_mails(ctx);
}

void require_mails(const Context& ctx) { mails_for(ctx); }

void register_account(Context& ctx, const Registration& wanted) {
    require_registration(ctx);
    const Mails mails(ctx.site, ctx.services);
    const std::string email = models::canonical_email(wanted.email);
    require_well_formed(wanted, email);
    count_request(ctx);
    const models::NewUser user{.email = email,
                               .username = wanted.username,
                               .password_hash = ctx.services.passwords.hash(wanted.password),
                               .role = {},
                               .confirmed = false};
    const bool goes_out = may_get_mail(ctx, email);
    constexpr int attempts_max = 3;  // each but the last was overtaken by another registration
    for (int attempt = 1;; ++attempt) {
        const Owners owners = find_owners(ctx, email, wanted.username);
        if (owners.of_username && owners.of_username->confirmed) {
            const std::string what = "username " + wanted.username + " is already in use";
            throw Error(Code::conflict, what, {}, {{"/username", "is already in use"}});
        }
        const mail::Message message = answer_to(mails, owners, email);
        try {
            ctx.db().write([&](db::Connection& c) {
                if (owners.are_nobody()) models::add_user(c, user, ctx.config().admin.email, message.date);
                add_mail(c, message, goes_out);
            });
            break;
        } catch (const Error& error) {
            if (error.code() != Code::conflict) throw;
            if (attempt == attempts_max) throw Error(Code::unavailable, "too many register at once; try again");
        }
    }
    ctx.services.wake_mail_sender();
}

void request_confirmation(Context& ctx, std::string_view text) {
    const Mails mails = mails_for(ctx);
    const auto [email, known, may_go_out] = find_asker(ctx, text);
    const bool was_invited = known && known->password_hash == models::no_password;
    const std::int64_t version = version_of(known);
    const mail::Message message = was_invited ? mails.invitation(email, version) : mails.confirmation(email, version);
    write_mail(ctx, message, may_go_out && known && !known->user.confirmed);
}

User confirm(Context& ctx, std::string_view token) {
    const auto now = base::now();
    auto user = ctx.db().write([&](db::Connection& c) { return models::use_confirmation(c, ctx.services.signer, token, now); });
    if (!user) refuse_token();
    return *std::move(user);
}

void request_reset(Context& ctx, std::string_view text) {
    const Mails mails = mails_for(ctx);
    const auto [email, known, may_go_out] = find_asker(ctx, text);
    write_mail(ctx, mails.reset(email, version_of(known)), may_go_out && known.has_value());
}

User reset_password(Context& ctx, std::string_view token, std::string_view password) {
    const auto now = base::now();
    // Before the hash, which is expensive: whoever has no token does not get one.
    const auto owner =
        ctx.db().read([&](db::Connection& c) { return models::find_user_to_reset(c, ctx.services.signer, token, now); });
    if (!owner) refuse_token();
    const std::string hash = hash_or_refuse(ctx, password);
    const auto notice = find_notice(ctx, [&](const Mails& mails) { return mails.password_changed(*owner); });
    auto user = ctx.db().write([&](db::Connection& c) {
        auto changed = models::use_reset(c, ctx.services.signer, token, hash, now);
        if (changed && notice) models::add_mail(c, *notice, now);
        return changed;
    });
    if (!user) refuse_token();
    ctx.services.wake_mail_sender();
    return *std::move(user);
}

void request_email_change(Context& ctx, std::string_view text, std::string_view password) {
    const Mails mails = mails_for(ctx);
    const std::string email = canonical_or_refuse(text);
    count_request(ctx);
    require_password(ctx, password);
    if (email == ctx.user->email) refuse("/email", "this is the account's address already");
    const bool goes_out = may_get_mail(ctx, email);
    const bool is_taken = find_credentials(ctx, email).has_value();
    write_mail(ctx, is_taken ? mails.already_registered(email) : mails.email_change(*ctx.user, email), goes_out);
}

User change_email(Context& ctx, std::string_view token) {
    const auto now = base::now();
    auto wanted = ctx.db().read([&](db::Connection& c) { return models::find_email_change(c, ctx.services.signer, token, now); });
    if (!wanted) refuse_token();
    const std::string old_email = std::exchange(wanted->user.email, wanted->email);
    const auto notice = find_notice(ctx, [&](const Mails& mails) { return mails.email_changed(wanted->user, old_email); });
    auto changed = ctx.db().write([&](db::Connection& c) {
        auto result = models::use_email_change(c, ctx.services.signer, token, now);
        if (result && notice) models::add_mail(c, *notice, now);
        return result;
    });
    if (!changed) refuse_token();
    ctx.services.wake_mail_sender();
    return std::move(changed->user);
}

User change_password(Context& ctx, std::string_view current, std::string_view password) {
    if (const auto fault = find_password_fault(password)) refuse("/password", *fault);
    require_password(ctx, current);
    const std::string hash = ctx.services.passwords.hash(password);
    const auto notice = find_notice(ctx, [&](const Mails& mails) { return mails.password_changed(*ctx.user); });
    const auto user = ctx.db().write([&](db::Connection& c) {
        models::change_password(c, ctx.user->id, hash);
        if (notice) models::add_mail(c, *notice, notice->date);
        return models::get_user(c, ctx.user->id);
    });
    ctx.services.wake_mail_sender();
    return user;
}

}  // namespace app::accounts
