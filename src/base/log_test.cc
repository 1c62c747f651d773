#include "base/log.h"

#include <gtest/gtest.h>

#include <regex>
#include <vector>

#include "base/console.h"
#include "base/json.h"
#include "base/log_line.h"

namespace shakehook {
namespace {

const std::vector<LogField> kFields = {{"path", "/data/a b"}, {"count", "3"}, {"empty", ""}, {"odd", "a=\"b\"\x1b[0m"}};

TEST(LogLine, QuotesTextValuesThatNeedIt) {
  EXPECT_EQ(TextLogLine("disk full", kFields),
            "disk full path=\"/data/a b\" count=3 empty=\"\" odd=\"a=\\\"b\\\"\\u001b[0m\"");
}

TEST(LogLine, IsJsonWhateverTheValuesCarry) {
  const std::vector<LogField> fields = {{"a", "\"},\n\x1b\u009b"}, {"b", "\xff"}};
  const std::string line = JsonLogLine("a \"message\"\n", fields);
  EXPECT_EQ(line, "\"message\":\"a \\\"message\\\"\\n\",\"a\":\"\\\"},\\n\\u001b\\u009b\",\"b\":\"\ufffd\"");
  EXPECT_TRUE(ParseJson("{" + line + "}").has_value());
}

TEST(LogLine, CannotBeBrokenByAMessage) { EXPECT_EQ(TextLogLine("one\n2024 info two", {}), "one\\u000a2024 info two"); }

class LogOutput : public testing::Test {
 protected:
  ~LogOutput() override { SetUpLog(LogFormat::kText, LogLevel::kInfo); }

  static std::string Captured(void (*log)()) {
    testing::internal::CaptureStderr();
    log();
    FlushConsole();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(LogOutput, WritesTimeLevelAndMessageAsText) {
  SetUpLog(LogFormat::kText, LogLevel::kInfo);
  const std::string line = Captured([] { LogWarning("odd thing", {{"file", "a b"}}); });
  const std::regex form(
      "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z warning odd thing "
      "file=\"a b\"\n");
  EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST_F(LogOutput, WritesJson) {
  SetUpLog(LogFormat::kJson, LogLevel::kInfo);
  const std::string line = Captured([] { LogError("{} %v", {{"k", "{}"}}); });
  const auto json = ParseJson(line);
  ASSERT_TRUE(json.has_value()) << line;
  EXPECT_EQ(*json->Find("level")->text(), "error");
  EXPECT_EQ(*json->Find("message")->text(), "{} %v");
  EXPECT_EQ(*json->Find("k")->text(), "{}");
  EXPECT_NE(json->Find("time"), nullptr);
}

TEST_F(LogOutput, LeavesOutWhatIsBelowTheLevel) {
  SetUpLog(LogFormat::kText, LogLevel::kWarning);
  EXPECT_EQ(Captured([] { LogInfo("hidden"); }), "");
  EXPECT_NE(Captured([] { LogWarning("shown"); }), "");
  SetUpLog(LogFormat::kText, LogLevel::kOff);
  EXPECT_EQ(Captured([] { LogError("hidden"); }), "");
}

}  // namespace
}  // namespace shakehook
