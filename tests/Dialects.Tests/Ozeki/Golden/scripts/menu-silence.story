script menu.ozml
hangup 20s

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Press one for opening hours, two to reach a person."
  7.315  Hears: "Press one for opening hours, two to reach a person."
 14.630  Hears: "Press one for opening hours, two to reach a person."
 20.000  Ended: the caller hangs up
