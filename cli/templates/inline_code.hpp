// Functions whose code stands in the template, as files: the hosts run files.
// Spec: AWS CloudFormation Template Reference, "AWS::Lambda::Function Code", ZipFile; AWS SAM, InlineCode.
#pragma once
#include <filesystem>
#include <string>

namespace pawl::templates {

// A folder of our own for the code of one run; it goes with this object.
class InlineCode {
  public:
    InlineCode();
    ~InlineCode();
    InlineCode(const InlineCode&) = delete;
    InlineCode& operator=(const InlineCode&) = delete;

    // Writes a function's code into a folder of its own: index.py or index.js, as AWS calls it. TemplateError when the
    // runtime takes no code from a template, or the handler is in another file.
    std::filesystem::path add(const std::string& runtime, const std::string& handler, const std::string& code);

  private:
    std::filesystem::path folder_;
    int functions_ = 0;
};

}  // namespace pawl::templates
