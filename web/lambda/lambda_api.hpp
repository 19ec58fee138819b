// The Lambda API, the functions' own URLs, and the archives that GetFunction points to.
// Spec: AWS Lambda API Reference.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "web/http.hpp"
#include "web/lambda/operation.hpp"

namespace pawl::web::lambda {

class LambdaApi {
  public:
    LambdaApi(const LambdaApi&) = delete;
    LambdaApi& operator=(const LambdaApi&) = delete;
    // `allowed_hosts`: names of this server, beside addresses and localhost, whose pages may call it from a browser.
    LambdaApi(Functions functions, std::vector<std::string> allowed_hosts);

    // Nothing: the path is not one of ours.
    std::optional<Response> handle(const Request& request) const;

  private:
    Response answer_operation(const Request& request) const;
    Response archive(const Request& request) const;

    Functions functions_;
    const std::vector<std::string> allowed_hosts_;
    Router router_;
};

// What the Lambda API answers to a request at one of its routes.
Response answer(const Operation& operation, const Functions& functions, const Request& request);

// The longest body that a path may be sent: uploads are longer than anything else.
std::size_t body_limit(std::string_view path, std::size_t otherwise);

}  // namespace pawl::web::lambda
