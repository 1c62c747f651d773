// Asio's macros for the tracking of handlers (BOOST_ASIO_CUSTOM_HANDLER_TRACKING, set for all files): a turn of a
// watched loop begins and ends with each callback. Asio demands that all of them are defined.
#pragma once

namespace shakehook {

void BeginLoopTurn();
void EndLoopTurn();

}  // namespace shakehook

// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define BOOST_ASIO_INHERIT_TRACKED_HANDLER
#define BOOST_ASIO_ALSO_INHERIT_TRACKED_HANDLER
#define BOOST_ASIO_HANDLER_TRACKING_INIT (void)0
#define BOOST_ASIO_HANDLER_LOCATION(args) (void)0
#define BOOST_ASIO_HANDLER_CREATION(args) (void)0
#define BOOST_ASIO_HANDLER_COMPLETION(args) (void)0
#define BOOST_ASIO_HANDLER_INVOCATION_BEGIN(args) ::shakehook::BeginLoopTurn()
#define BOOST_ASIO_HANDLER_INVOCATION_END ::shakehook::EndLoopTurn()
#define BOOST_ASIO_HANDLER_OPERATION(args) (void)0
#define BOOST_ASIO_HANDLER_REACTOR_REGISTRATION(args) (void)0
#define BOOST_ASIO_HANDLER_REACTOR_DEREGISTRATION(args) (void)0
#define BOOST_ASIO_HANDLER_REACTOR_READ_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_WRITE_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_ERROR_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_EVENTS(args) (void)0
#define BOOST_ASIO_HANDLER_REACTOR_OPERATION(args) (void)0
// NOLINTEND(cppcoreguidelines-macro-usage)
