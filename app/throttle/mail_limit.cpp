#include "app/throttle/mail_limit.hpp"

#include "app/base/secret.hpp"

namespace app::throttle {

MailLimit::MailLimit(const MailLimitOptions& options)
    : mails_(options.mails_max, window, options.entries),
      requests_(options.requests_max, window, options.entries),
      secret_(base::random_token(16)) {}

bool MailLimit::take_mail(std::string_view email, Time now) { return mails_.take(name_key({}, email, secret_), now).allowed; }

}  // namespace app::throttle
